import * as z from 'zod';
import { Fact } from './events.ts';
import { Finding } from './findings.ts';
import { Noted } from './noted.ts';
import { Policy } from './policy.ts';

/** One credential value of a token. Its dates are milliseconds since 1970. */
export const Generation = z.strictObject({
  /** The Secrets Manager version that holds the value; for a credential no version holds, `lost:` and its handle. */
  id: z.string(),
  versionId: z.string().optional(),
  /** The issuer's non-secret name of the credential; undefined when an adopted value could not be identified. */
  handle: z.string().optional(),
  /** How we know the handle is ours to revoke: minted by us, adopted by identifying the value, or found by its marker. */
  origin: z.enum(['minted', 'adopted', 'found']),
  state: z.enum(['current', 'previous', 'restoring', 'revoking', 'dead']),
  fingerprint: z.string().optional(),
  bornAt: z.number().optional(),
  expiresAt: z.number().optional(),
  promotedAt: z.number().optional(),
  supersededAt: z.number().optional(),
  lastUsedAt: z.number().optional(),
  /** When the issuer accepted the revoke; the proof follows after its lag. */
  revokedAt: z.number().optional(),
  deadAt: z.number().optional(),
  /** Why it dies, in words for the history. */
  reason: z.string().optional(),
  /** Set when a person or an incident wants it dead without waiting for grace or evidence. */
  condemned: z.boolean().optional(),
  /** What its policy orders although it is current and nothing has taken its place; the gate holds the order against the record once more. */
  order: z.strictObject({ cause: z.enum(['incident', 'max-age']), incident: z.string().optional(), at: z.number() }).optional(),
  /** Since when it is claimed for its end, and what the gate last said of it. */
  claimedAt: z.number().optional(),
  verdict: z.string().optional(),
  /** No need to look at it again before this. */
  lookAt: z.number().optional(),
  /** What keeps it from dying; a finding is made of it. */
  problem: z.strictObject({ kind: z.enum(['revoke-refused', 'not-dead', 'unmanaged']), detail: z.string() }).optional(),
});
export type Generation = z.infer<typeof Generation>;

/** One call of `mint`, noted before it is made, so that a lost answer is known to have been possible. */
export const Mint = z.strictObject({
  at: z.number(),
  /** Handles the principal had before, where that is how a lost mint is found. */
  before: z.array(z.string()).readonly().optional(),
  handle: z.string().optional(),
  fingerprint: z.string().optional(),
  expiresAt: z.number().optional(),
  scopes: z.array(z.string()).readonly().optional(),
});
export type Mint = z.infer<typeof Mint>;

export const Cause = z.enum(['due', 'expiry', 'first', 'dead', 'operator', 'console', 'retry', 'incident']);
export type Cause = z.infer<typeof Cause>;

/** One try to replace a token, keyed by its ClientRequestToken, which becomes the version id. */
export const Attempt = z.strictObject({
  id: z.string(),
  cause: Cause,
  state: z.enum(['open', 'promoting', 'promoted', 'aborting', 'aborted']),
  openedAt: z.number(),
  /** From here on the sweep settles the attempt: records what happened, or aborts it. */
  deadline: z.number(),
  /** While this lies ahead, one invocation works on the attempt and nobody else may. */
  leaseUntil: z.number().optional(),
  leaseOwner: z.string().optional(),
  mints: z.array(Mint).readonly(),
  /** When the issuer was seen to accept the new value; without it nothing is promoted. */
  testedAt: z.number().optional(),
  /** The new value was refused by the issuer; it cannot be overwritten, so the attempt has to be aborted. */
  dead: z.boolean().optional(),
  /** Given up for an incident, which is no failure of it. */
  halted: z.boolean().optional(),
  endedAt: z.number().optional(),
  /** When its label was last about to be moved; recording the promotion may come later. */
  promotingAt: z.number().optional(),
  /** Every credential it may have minted is accounted for. */
  tidy: z.boolean().optional(),
});
export type Attempt = z.infer<typeof Attempt>;

/** A credential that looks lost, waiting for a second look. */
export const Suspect = z.strictObject({ handle: z.string(), seenAt: z.number() });

/** What the last question to the issuer came to, whether it accepts the current value. */
export const Pulse = z.strictObject({ at: z.number(), outcome: z.enum(['alive', 'refused', 'unknown']), reason: z.string().optional() });
export type Pulse = z.infer<typeof Pulse>;

/** What was seen of the token that has to be rotated first. */
export const Upstream = z.strictObject({
  /** As the policy names it. */
  name: z.string(),
  seenAt: z.number(),
  /** When its current credential became current, if Keyturn made it. */
  rotatedAt: z.number().optional(),
  /** What is wrong with it, in one sentence. */
  trouble: z.string().optional(),
});
export type Upstream = z.infer<typeof Upstream>;

/** A credential that outsiders have, or may have, by every name it is known under: one may be stored again under another version. */
export const Exposed = z.strictObject({ id: z.string(), handle: z.string().optional(), fingerprint: z.string().optional() });
export type Exposed = z.infer<typeof Exposed>;

/** A leak of one or more credentials of a token, and how far the answer to it is. Kept 90 days. */
export const Incident = z.strictObject({
  id: z.string(),
  exposed: z.array(Exposed).readonly(),
  /** Who found it, such as a scanner, in words for people. */
  source: z.string(),
  /** When outsiders could first read it, where that is known. */
  exposedAt: z.number().optional(),
  reportedAt: z.number(),
  /** Nothing is done until a person says so: too many reports came at once. */
  held: z.boolean().optional(),
  /** When the last exposed credential was proven dead. */
  containedAt: z.number().optional(),
  /** Since when the token has a current credential that nobody else knows. */
  replacedAt: z.number().optional(),
  /** When consumers had no further use for an exposed one. */
  movedAt: z.number().optional(),
});
export type Incident = z.infer<typeof Incident>;

/** A managed secret and all we know of it: the one record that changes under one version check. */
export const Token = z.strictObject({
  schema: z.literal(1),
  id: z.string(),
  secretArn: z.string(),
  name: z.string(),
  provider: z.string(),
  admin: z.string().optional(),
  owner: z.string(),
  environment: z.string(),
  purpose: z.string(),
  policy: Policy,
  enrolledAt: z.number(),
  /** When `inspect` last held the record against Secrets Manager and the issuer. */
  inspectedAt: z.number().optional(),
  /** The last good probe of the current value. */
  aliveAt: z.number().optional(),
  /** The last probe of the current value, good or not. */
  pulse: Pulse.optional(),
  /** Since when the issuer's dates of last use are looked at, and the last use by anybody but Keyturn. */
  use: z.strictObject({ since: z.number(), last: z.number().optional() }).optional(),
  /** Gone from Secrets Manager or no longer registered; nothing is planned for it. */
  detachedAt: z.number().optional(),
  scopes: z.array(z.string()).readonly().optional(),
  upstream: Upstream.optional(),
  attempts: z.array(Attempt).readonly(),
  generations: z.array(Generation).readonly(),
  findings: z.array(Finding).readonly(),
  suspects: z.array(Suspect).readonly(),
  /** What was seen of it by others than the record. */
  noted: z.array(Noted).readonly().default([]),
  incidents: z.array(Incident).readonly().optional(),
  /** Rotations that failed since the last one that succeeded, and why the last of them did. */
  failures: z.number().int().nonnegative(),
  failedAt: z.number().optional(),
  lastError: z.strictObject({ code: z.string(), message: z.string(), lasting: z.boolean() }).optional(),
  /** Since when the issuer refuses the current value. */
  refusedSince: z.number().optional(),
  /** When a credential that had died early was last replaced without a person asking. */
  revivedAt: z.number().optional(),
  /** When the secret is to be deleted, or was: by then nobody can read its values any more, whatever of them lives. */
  deletion: z.strictObject({ at: z.number(), gone: z.boolean() }).optional(),
  /** Why the secret cannot be managed as it is, in one sentence. */
  unusable: z.string().optional(),
  /** When it could be managed again after it could not; what is late is late from then. */
  usableSince: z.number().optional(),
  /** The sweep handed out commands and rests until then, unless something changes before. */
  restUntil: z.number().optional(),
  /** The credential that a health signal spoke against after its promotion; until the next promotion. */
  withdrawn: z.strictObject({ generationId: z.string(), signal: z.string(), firedAt: z.number(), at: z.number() }).optional(),
  /** A person asked for a rotation; cleared when one was started. */
  rotateRequestedAt: z.number().optional(),
  /** Facts that are true and not yet told; cleared when the bus has accepted them. */
  outbox: z.array(Fact).readonly(),
  /** When the sweep has to look again; undefined when never. */
  dueAt: z.number().optional(),
});
export type Token = z.infer<typeof Token>;

export function currentOf(token: Token): Generation | undefined {
  return token.generations.find((generation) => generation.state === 'current');
}

export function generationOf(token: Token, id: string): Generation | undefined {
  return token.generations.find((generation) => generation.id === id);
}

export function attemptOf(token: Token, id: string): Attempt | undefined {
  return token.attempts.find((attempt) => attempt.id === id);
}

/** The attempt that is still under way, if any. */
export function openAttempt(token: Token): Attempt | undefined {
  return token.attempts.find(isUnderWay);
}

export function isUnderWay(attempt: Attempt): boolean {
  return attempt.state === 'open' || attempt.state === 'promoting' || attempt.state === 'aborting';
}

/** Generations whose credential the issuer may still accept. */
export function liveGenerations(token: Token): Generation[] {
  return token.generations.filter((generation) => generation.state !== 'dead');
}

/** Every handle this token has on record, dead ones included. */
export function knownHandles(token: Token): Set<string> {
  const minted = token.attempts.flatMap((attempt) => attempt.mints.map((mint) => mint.handle));
  const held = token.generations.map((generation) => generation.handle);
  return new Set([...minted, ...held].filter((handle) => handle !== undefined));
}
