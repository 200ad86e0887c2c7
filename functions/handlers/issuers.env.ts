// What the functions that give commands are told of each issuer. As short as it can be: Lambda takes 4,096
// bytes for all variables of a function together.
import * as z from 'zod';

const ID = /^[a-z][a-z0-9-]*$/;
const LIMITS = /^([a-z][a-z0-9-]*)=([1-9]\d*)\/([1-9]\d*)$/;

/** The URL of every worker queue, with `*` for the provider's id, and the ids. Read by {@link QueueUrls}. */
export function queueUrlsText(pattern: string, providers: readonly string[]): string {
  return `${pattern} ${providers.join(',')}`;
}

/** The URLs of the worker queues, by provider id. */
export const QueueUrls = z.string().transform((text, context): Record<string, string> => {
  const [pattern = '', ids = '', ...others] = text.split(' ');
  const providers = ids.split(',');
  if (others.length === 0 && pattern.endsWith('*') && z.url().safeParse(pattern).success)
    if (providers.every((id) => ID.test(id)))
      return Object.fromEntries(providers.map((id) => [id, pattern.replace(/\*$/, id)]));
  context.addIssue({
    code: 'custom',
    message: 'is not the URL of queues with * at its end, and ids of issuers',
  });
  return z.NEVER;
});

/** What the issuers of one provider bear. */
interface Bears {
  readonly maxConcurrentRotations: number;
  readonly inspectionsPerMinute: number;
}

/** `<id>=<rotations at once>/<inspections a minute>`, separated by commas. Read by {@link IssuerLimits}. */
export function issuerLimitsText(limits: Readonly<Record<string, Bears>>): string {
  return Object.entries(limits)
    .map(([id, bears]) => `${id}=${bears.maxConcurrentRotations}/${bears.inspectionsPerMinute}`)
    .join(',');
}

/** What each provider's issuers bear, by its id. */
export const IssuerLimits = z.string().transform((text, context): Record<string, Bears> => {
  const parts = text.split(',').map((part) => LIMITS.exec(part));
  if (parts.every((part) => part !== null))
    return Object.fromEntries(
      parts.map(([, id = '', rotations, inspections]) => [
        id,
        { maxConcurrentRotations: Number(rotations), inspectionsPerMinute: Number(inspections) },
      ]),
    );
  context.addIssue({ code: 'custom', message: 'is not a list of issuers and what they bear' });
  return z.NEVER;
});
