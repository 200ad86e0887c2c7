import * as z from 'zod';
import { KeyturnError } from './errors.ts';
import { DAY, HOUR, MINUTE, formatDuration, parseDuration, type Millis } from './time.ts';

/** A duration as people write it (`30d`, `12h`, `15m`), read into milliseconds. */
export const Duration = z.string().transform((text, context): Millis => {
  const length = parseDuration(text);
  if (length !== undefined) return length;
  context.addIssue({ code: 'custom', message: `"${text}" is not a duration like 30d, 12h or 15m` });
  return z.NEVER;
});

/** What the owner wants of a token; all lengths in milliseconds. */
export const Policy = z.strictObject({
  /** Rotate this long after the last rotation. */
  rotateEvery: z.number().positive(),
  /** No credential may live longer than this; the backstop schedule is this plus a day. */
  maxAge: z.number().positive(),
  /** Rotate at the latest this long before the issuer lets the credential expire. */
  rotateBeforeExpiry: z.number().nonnegative(),
  /** Warn when this much is left before expiry, longest first. */
  warnBefore: z.array(z.number().positive()).readonly(),
  /** An old credential lives at least this long after its successor was promoted. */
  graceLeast: z.number().nonnegative(),
  /** After this long a person hears that consumers still use the old one. */
  graceMost: z.number().positive(),
  /** What must show that consumers moved: the issuer's last-used date where it tells one, else time alone. */
  evidence: z.enum(['last-used', 'time']),
  /** The old credential counts as unused when the issuer saw no use of it for this long. */
  quiet: z.number().nonnegative(),
  /** The longest time a consumer keeps a value it has read. */
  cache: z.number().nonnegative(),
  /** What happens at `graceMost` without evidence. */
  atMostGrace: z.enum(['hold', 'revoke']),
});
export type Policy = z.infer<typeof Policy>;

export const DEFAULT_POLICY: Policy = {
  rotateEvery: 30 * DAY,
  maxAge: 90 * DAY,
  rotateBeforeExpiry: 14 * DAY,
  warnBefore: [30 * DAY, 14 * DAY, 7 * DAY, 3 * DAY, DAY],
  graceLeast: 2 * HOUR,
  graceMost: 7 * DAY,
  evidence: 'last-used',
  quiet: 2 * HOUR,
  cache: 5 * MINUTE,
  atMostGrace: 'hold',
};

/** The policy as owners write it, in a manifest or in tags; every field may be left out. */
export const PolicyInput = z.strictObject({
  rotateEvery: Duration.optional(),
  maxAge: Duration.optional(),
  rotateBeforeExpiry: Duration.optional(),
  warnBefore: z.array(Duration).optional(),
  graceLeast: Duration.optional(),
  graceMost: Duration.optional(),
  evidence: z.enum(['last-used', 'time']).optional(),
  quiet: Duration.optional(),
  cache: Duration.optional(),
  atMostGrace: z.enum(['hold', 'revoke']).optional(),
});
export type PolicyInput = z.input<typeof PolicyInput>;

/** Fills defaults and refuses a policy that contradicts itself, or has a length of zero where there must be one. Errors: `bad-request`, naming the field. */
export function policyFrom(given: z.output<typeof PolicyInput>): Policy {
  const stated = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const policy = Policy.safeParse({ ...DEFAULT_POLICY, ...stated });
  if (!policy.success) throw new KeyturnError('bad-request', `${String(policy.error.issues[0]?.path[0])} must be longer than 0s.`);
  const fault = contradictionIn(policy.data);
  if (fault) throw new KeyturnError('bad-request', fault);
  return policy.data;
}

/** A shorter interval would be one rotation a sweep, for ever. */
const SHORTEST_INTERVAL = HOUR;

/** The first contradiction in a policy as one sentence, or undefined. */
export function contradictionIn(policy: Policy): string | undefined {
  const text = formatDuration;
  if (policy.rotateEvery > policy.maxAge)
    return `rotateEvery ${text(policy.rotateEvery)} is longer than maxAge ${text(policy.maxAge)}: shorten rotateEvery or raise maxAge.`;
  if (policy.rotateEvery < SHORTEST_INTERVAL) return `rotateEvery ${text(policy.rotateEvery)} is shorter than ${text(SHORTEST_INTERVAL)}: write 1h or more.`;
  if (policy.graceLeast > policy.graceMost)
    return `graceLeast ${text(policy.graceLeast)} is longer than graceMost ${text(policy.graceMost)}: shorten graceLeast or raise graceMost.`;
  if (policy.cache > policy.graceMost)
    return `cache ${text(policy.cache)} is longer than graceMost ${text(policy.graceMost)}: the old credential would die while consumers still hold it.`;
  if (policy.graceLeast >= policy.rotateEvery)
    return `graceLeast ${text(policy.graceLeast)} is not shorter than rotateEvery ${text(policy.rotateEvery)}: old credentials would pile up.`;
  return undefined;
}
