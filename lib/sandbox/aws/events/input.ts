import { isFields } from '../patterns.ts';

/** What a target gets instead of the whole event; at most one of the three. */
export interface TargetInput {
  readonly input?: string;
  readonly inputPath?: string;
  readonly inputTransformer?: {
    readonly inputPathsMap?: Readonly<Record<string, string>>;
    readonly inputTemplate: string;
  };
}

/** Follows `$.detail.name` and `$.list[0]`; undefined when there is nothing. */
export function atPath(event: unknown, path: string): unknown {
  const steps = path.replace(/^\$\.?/, '').match(/[^.[\]]+/g) ?? [];
  let here: unknown = event;
  for (const step of steps) {
    if (Array.isArray(here)) here = here[Number(step)];
    else here = isFields(here) && Object.hasOwn(here, step) ? here[step] : undefined;
  }
  return here;
}

/** The text around a place that stands inside quotes is a string already. */
function isInsideString(template: string, index: number): boolean {
  let inside = false;
  for (let at = 0; at < index; at++) {
    if (template[at] === '\\') at++;
    else if (template[at] === '"') inside = !inside;
  }
  return inside;
}

function written(value: unknown, inside: boolean): string {
  if (!inside) return JSON.stringify(value ?? null);
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  return JSON.stringify(text).slice(1, -1);
}

function transform(
  event: unknown,
  transformer: NonNullable<TargetInput['inputTransformer']>,
  ruleArn: string,
): string {
  const paths = transformer.inputPathsMap ?? {};
  const reserved: Record<string, unknown> = {
    'aws.events.rule-arn': ruleArn,
    'aws.events.rule-name': ruleArn.split('/').at(-1),
    'aws.events.event.json': event,
    'aws.events.event': event,
    'aws.events.event.ingestion-time': atPath(event, '$.time'),
  };
  return transformer.inputTemplate.replaceAll(/<([\w.-]+)>/g, (whole, name: string, index: number) => {
    const path = paths[name];
    if (path === undefined && !(name in reserved)) return whole;
    const value = path === undefined ? reserved[name] : atPath(event, path);
    return written(value, isInsideString(transformer.inputTemplate, index));
  });
}

/** The text a target gets. */
export function inputFor(event: unknown, target: TargetInput, ruleArn: string): string {
  if (target.input !== undefined) return target.input;
  if (target.inputPath !== undefined) return JSON.stringify(atPath(event, target.inputPath) ?? null);
  return target.inputTransformer ? transform(event, target.inputTransformer, ruleArn) : JSON.stringify(event);
}
