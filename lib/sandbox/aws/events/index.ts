import * as z from 'zod';
import { parseJson } from '../../../../functions/core/json.ts';
import { HOUR, MINUTE, type Millis } from '../../../../functions/core/time.ts';
import { AwsError } from '../errors.ts';
import { operation } from '../operation.ts';
import { isFields, matches } from '../patterns.ts';
import type { BusEvent, Check, PolicyDocument, Principal, Service, World } from '../types.ts';
import { inputFor, type TargetInput } from './input.ts';

export interface Target extends TargetInput {
  readonly id: string;
  readonly arn: string;
  /** With whose permissions the target is reached; an event bus needs one. */
  readonly role?: Principal;
  readonly deadLetterArn?: string;
  readonly maximumRetryAttempts?: number;
  readonly maximumEventAge?: Millis;
}

export interface Rule {
  readonly name: string;
  /** The default bus unless named. */
  readonly bus?: string;
  readonly pattern: Readonly<Record<string, unknown>>;
  readonly state?: 'ENABLED' | 'DISABLED' | 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
  readonly targets: readonly Target[];
}

export interface EventBridge {
  readonly service: Service;
  addBus(name: string, policy?: PolicyDocument): void;
  /** Adds a rule, or replaces the one of its name and bus. */
  addRule(rule: Rule): void;
  /** Whether some rule of the default bus asks for events of a detail-type by name. */
  listens(detailType: string): boolean;
  /** Puts an event on a bus, without a permission check. */
  readonly emit: (event: BusEvent, bus?: string) => void;
  /** What IAM must allow before a whole event is put on one of these buses, for the owner of these buses. */
  readonly takeCheck: (bus: string, event: Readonly<Record<string, unknown>>) => Check;
  /** Takes an event that a rule forwards, from this account or another; it stays what it was. Errors: ResourceNotFoundException. */
  readonly take: (bus: string, event: Readonly<Record<string, unknown>>) => void;
  /** Lets an entry of PutEvents fail with an error code, as the service does at times; for tests. */
  failEntry: (entry: { source: string; detailType: string }) => string | undefined;
}

export interface EventsOptions {
  /** Whether a trail with logging on carries CloudTrail's events to the bus. */
  readonly trail: boolean;
}

const Entry = z.strictObject({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  Resources: z.array(z.string()).optional(),
  Time: z.number().optional(),
  EventBusName: z.string().optional(),
  TraceHeader: z.string().optional(),
});
type Entry = z.infer<typeof Entry>;

const MAX_BYTES = 1_048_576;
const RETRY_AFTER: Millis = MINUTE;

function refusal(entry: Entry): string | undefined {
  if (entry.Source === undefined || entry.Source === '' || entry.DetailType === undefined || entry.DetailType === '' || entry.Detail === undefined) return 'InvalidArgument';
  if (entry.Source.startsWith('aws.')) return 'NotAuthorizedForSource';
  return isFields(parseJson(entry.Detail)) ? undefined : 'MalformedDetail';
}

/** EventBridge: buses, rules, deliveries with retries and dead-letter queues. */
class Buses {
  readonly policies = new Map<string, PolicyDocument | undefined>([['default', undefined]]);
  readonly rules = new Map<string, Rule>();
  readonly #world: World;
  readonly #trail: boolean;

  constructor(world: World, trail: boolean) {
    this.#world = world;
    this.#trail = trail;
  }

  listens(detailType: string): boolean {
    for (const { bus, state, pattern } of this.rules.values()) {
      const asked = pattern['detail-type'];
      if ((bus ?? 'default') === 'default' && state !== 'DISABLED' && Array.isArray(asked) && asked.includes(detailType)) return true;
    }
    return false;
  }

  put(event: BusEvent, bus: string, at: number): string {
    const id = this.#world.uuid();
    const { account, region } = this.#world;
    const time = new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
    const whole = { version: '0', id, 'detail-type': event.detailType, source: event.source, account, time, region, resources: event.resources, detail: event.detail };
    const isTrail = event.source.startsWith('aws.') && event.detailType.endsWith(' via CloudTrail');
    if (isTrail && !this.#trail) return id;
    this.route(whole, bus, isTrail && isFields(event.detail) && event.detail['readOnly'] === true);
    return id;
  }

  /** Hands a whole event to the targets of the rules that it fits. */
  route(whole: Readonly<Record<string, unknown>>, bus: string, readOnly = false): void {
    for (const rule of this.rules.values()) {
      if ((rule.bus ?? 'default') !== bus || rule.state === 'DISABLED') continue;
      // Read-only management events reach only the rules that ask for them.
      if (readOnly && rule.state !== 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS') continue;
      if (matches(rule.pattern, whole)) for (const target of rule.targets) this.#later(0, () => this.#deliver(rule, target, { whole, since: this.#world.clock.now(), tries: 0 }));
    }
  }

  #later(delay: Millis, run: () => Promise<void>): void {
    this.#world.clock.after(delay, () => void this.#world.clock.activity(run));
  }

  async #deliver(rule: Rule, target: Target, letter: { whole: unknown; since: number; tries: number }): Promise<void> {
    const ruleArn = arnOfRule(this.#world, rule);
    const principal: Principal = { kind: 'service', service: 'events.amazonaws.com', sourceArn: ruleArn };
    try {
      await this.#world.deliver(target.role ?? principal, target.arn, { body: inputFor(letter.whole, target, ruleArn) });
    } catch (error) {
      const code = error instanceof AwsError ? error.code : 'SDK_CLIENT_ERROR';
      const now = this.#world.clock.now();
      const isFinal = error instanceof AwsError && error.status < 500;
      const isOver = letter.tries >= (target.maximumRetryAttempts ?? 185) || now + RETRY_AFTER - letter.since > (target.maximumEventAge ?? 24 * HOUR);
      if (!isFinal && !isOver) return this.#later(RETRY_AFTER, () => this.#deliver(rule, target, { ...letter, tries: letter.tries + 1 }));
      if (target.deadLetterArn === undefined) return;
      const text = (StringValue: string): { DataType: string; StringValue: string } => ({ DataType: 'String', StringValue });
      const attributes = { RULE_ARN: text(ruleArn), TARGET_ARN: text(target.arn), ERROR_CODE: text(code), ERROR_MESSAGE: text(error instanceof AwsError ? error.message : ''), RETRY_ATTEMPTS: text(String(letter.tries)) };
      await this.#world.deliver(principal, target.deadLetterArn, { body: JSON.stringify(letter.whole), attributes }).catch(() => undefined);
    }
  }
}

function arnOfRule(world: World, rule: Rule): string {
  const bus = rule.bus === undefined || rule.bus === 'default' ? '' : `${rule.bus}/`;
  return `arn:aws:events:${world.region}:${world.account}:rule/${bus}${rule.name}`;
}

export function createEvents(world: World, options: EventsOptions): EventBridge {
  const buses = new Buses(world, options.trail);
  const nameOf = (text: string | undefined): string => text?.split('/').at(-1) ?? 'default';
  const check = (bus: string): Check => ({ action: 'events:PutEvents', resource: `arn:aws:events:${world.region}:${world.account}:event-bus/${bus}`, resourcePolicy: buses.policies.get(bus) });
  const about = (bus: string, events: readonly { readonly source: string | undefined; readonly detailType: string | undefined }[]): Check => {
    const said = (values: readonly (string | undefined)[]): string[] => [...new Set(values.filter((one) => one !== undefined))];
    return { ...check(bus), context: { 'events:source': said(events.map(({ source }) => source)), 'events:detail-type': said(events.map(({ detailType }) => detailType)) } };
  };
  const takeCheck = (bus: string, event: Readonly<Record<string, unknown>>): Check => {
    const text = (key: string): string | undefined => (typeof event[key] === 'string' ? event[key] : undefined);
    return { ...about(bus, [{ source: text('source'), detailType: text('detail-type') }]), account: world.account };
  };
  const bridge: EventBridge = {
    service: new Map([
      operation('PutEvents', z.strictObject({ Entries: z.array(Entry), EndpointId: z.string().optional() }), ({ Entries }) => {
        const named = [...new Set(Entries.map((entry) => nameOf(entry.EventBusName)))];
        return { resource: check(named[0] ?? 'default').resource, checks: named.map((bus) => about(bus, Entries.filter((entry) => nameOf(entry.EventBusName) === bus).map(({ Source, DetailType }) => ({ source: Source, detailType: DetailType })))), run: () => put(Entries) };
      }),
    ]),
    addBus: (name, policy) => void buses.policies.set(name, policy),
    addRule: (rule) => void buses.rules.set(`${rule.bus ?? 'default'}/${rule.name}`, rule),
    listens: (detailType) => buses.listens(detailType),
    emit: (event, bus = 'default') => void buses.put(event, bus, world.clock.now()),
    takeCheck,
    take: (bus, event) => {
      if (!buses.policies.has(bus)) throw new AwsError('ResourceNotFoundException', `Event bus ${bus} does not exist.`);
      buses.route(event, bus);
    },
    failEntry: () => undefined,
  };
  function putOne(entry: Entry): object {
    const bus = nameOf(entry.EventBusName);
    const source = entry.Source ?? '';
    const detailType = entry.DetailType ?? '';
    const code = refusal(entry) ?? (buses.policies.has(bus) ? undefined : 'ResourceNotFoundException') ?? bridge.failEntry({ source, detailType });
    if (code !== undefined) return { ErrorCode: code, ErrorMessage: `The entry was not accepted: ${code}.` };
    const detail = parseJson(entry.Detail ?? '');
    const at = entry.Time === undefined ? world.clock.now() : entry.Time * 1000;
    return { EventId: buses.put({ source, detailType, detail, resources: entry.Resources ?? [] }, bus, at) };
  }
  function put(entries: readonly Entry[]): unknown {
    if (entries.length === 0 || entries.length > 10) throw new AwsError('ValidationException', "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10");
    if (Buffer.byteLength(JSON.stringify(entries)) > MAX_BYTES) throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
    const answered = entries.map(putOne);
    return { FailedEntryCount: answered.filter((one) => 'ErrorCode' in one).length, Entries: answered };
  }
  return bridge;
}
