import * as z from 'zod';
import { Attempt } from './attempt.ts';
import { SeenClock } from '../issuer/issuer-clock.ts';
import { Consumer, Evidence, PendingConsumer } from '../consumers/consumer-state.ts';
import { Fact } from '../findings/events.ts';
import { Finding } from '../findings/findings.ts';
import { Noted } from '../findings/reported-findings.ts';
import { likeness, type Identity } from '../issuer/likeness.ts';
import { Policy } from '../policy/policy.ts';
import { MadeAt } from '../issuer/reach.ts';
import { Replica } from './replicas.ts';
import { isMadeAfter, isOfMintAt } from '../issuer/mint-window.ts';
import type { Instant } from '../basics/time.ts';
import { kept, keptApart } from '../basics/record.ts';

const ProblemKind = z.enum(['revocation-blocked', 'revocation-ineffective', 'credential-unmanaged']);
const Problem = keptApart(kept({ kind: ProblemKind, detail: z.string() }), {
  words: { kind: { of: ProblemKind, instead: { kind: 'revocation-blocked' } } },
});

const SeenSpan = kept({ since: z.number(), last: z.number() });

/** One credential value of a token. Its dates are milliseconds since 1970. */
export const Credential = kept({
  /** The Secrets Manager version that holds the value; for a credential no version holds, `lost:` and its handle. */
  id: z.string(),
  versionId: z.string().optional(),
  /** The issuer's non-secret name of the credential; undefined when an adopted value could not be identified. */
  handle: z.string().optional(),
  /** How we know the handle is ours to revoke: minted by us, adopted by identifying the value, or found by its marker. */
  origin: z.enum(['minted', 'adopted', 'found']),
  state: z.enum(['current', 'previous', 'rolling-back', 'revoking', 'ended']),
  fingerprint: z.string().optional(),
  /** When the issuer made it, by its own clock. With the handle it is the identity of a credential: a handle may be given out again. */
  createdAt: z.number().optional(),
  /** Where it was made, or first seen: the one place where it is asked about, listed and revoked. */
  reach: MadeAt.optional(),
  /** No consumer ever had it: an attempt that came to nothing made it, or its creation was never answered. */
  neverCurrent: z.boolean().optional(),
  /** It was AWSCURRENT when it was first seen, while a rotation was under way that alone says which one is current: whoever made it current did so before. */
  shownCurrent: z.boolean().optional(),
  /** What the issuer let it do when it was first asked, and when it was last. */
  scopes: kept({ first: z.array(z.string()).readonly(), last: z.array(z.string()).readonly() }).optional(),
  bornAt: z.number().optional(),
  expiresAt: z.number().optional(),
  promotedAt: z.number().optional(),
  supersededAt: z.number().optional(),
  /** The last use that the issuer told and that was not a question of Keyturn's own. */
  lastUsedAt: z.number().optional(),
  /** When Keyturn itself used it to ask whether it works, the latest last. */
  probes: z.array(z.number()).readonly().optional(),
  /** Since when the issuer's list leaves it out and its value is refused. */
  missingSince: z.number().optional(),
  /** Who still holds it up, at the last look. */
  pendingConsumers: z.array(PendingConsumer).readonly().optional(),
  /** What showed that consumers had moved, when it was claimed for its end. */
  evidence: Evidence.optional(),
  /** When the issuer accepted the revoke; the proof follows after its lag. */
  revokedAt: z.number().optional(),
  endedAt: z.number().optional(),
  /** Since when, and when last, its value was refused without a revoke of ours, while its place answered. */
  refused: SeenSpan.optional(),
  /** Since when, and when last, full lists left it out after an accepted revoke. */
  absent: SeenSpan.optional(),
  /** Of a secret that is gone: since when, and when last, its issuer did not show it, and nobody could ask about its value. */
  unseen: SeenSpan.optional(),
  /** What showed that it is dead. */
  proof: z.enum(['value', 'list', 'expiry', 'absence']).optional(),
  /** An exposed one that was called dead: when it is asked about once more, and how often it was. */
  askAgain: kept({ at: z.number(), asked: z.number() }).optional(),
  /** A person had Keyturn look after it no more: its state is `ended`, and nothing proves that. It is known again when it leaks. */
  forgotten: kept({ at: z.number(), by: z.string(), reason: z.string() }).optional(),
  /** Why it dies, in words for the history. */
  reason: z.string().optional(),
  /** The attempt whose new admin credential made it, to prove that it can mint and revoke. */
  trialOf: z.string().optional(),
  /** Set when a person or an incident wants it dead without waiting for grace or evidence. */
  withoutGrace: z.boolean().optional(),
  /** Its grace was over and its consumers had moved when its claim was given back, since another token still needed it: this token needs it no more. */
  givenUp: z.boolean().optional(),
  /** The credential that was current when its return was asked for; with another one current the return lapses. */
  restoreFrom: z.string().optional(),
  /** When it last could not be made current again by Keyturn itself. */
  returnFailedAt: z.number().optional(),
  /** The person who asked for its end without grace or evidence. */
  askedBy: z.string().optional(),
  /** What its policy, or a person who ended the token, orders although it is current and nothing has taken its place; the gate holds the order against the record once more. */
  forcedRevocation: kept({
    cause: z.enum(['incident', 'max-age', 'retirement']),
    incident: z.string().optional(),
    at: z.number(),
  }).optional(),
  /** Since when it was first claimed for its end, a claim that was given back included. */
  endingSince: z.number().optional(),
  /** Since when it is claimed for its end, and what the guard last said of it. */
  revocationBegunAt: z.number().optional(),
  verdict: z.string().optional(),
  /** No need to look at it again before this. */
  lookAt: z.number().optional(),
  /** A staging label that keeps its version: Keyturn set it aside for the person who staged it, or a person labelled it. Not to be revoked unless it leaked or a person asks. */
  kept: kept({ label: z.string(), since: z.number() }).optional(),
  /** What keeps it from dying; a finding is made of it. */
  problem: Problem.optional(),
});
export type Credential = z.infer<typeof Credential>;

/** A credential that looks lost, waiting for a second look. */
export const Suspect = kept({ handle: z.string(), seenAt: z.number() });

const Outcome = z.enum(['alive', 'refused', 'unknown']);

/** What the last question to the issuer came to, whether it accepts the current value. */
export const Validity = keptApart(kept({ at: z.number(), outcome: Outcome, reason: z.string().optional() }), {
  words: { outcome: { of: Outcome, instead: { outcome: 'unknown' } } },
});
export type Validity = z.infer<typeof Validity>;

/** What was seen of the token that has to be rotated first. */
export const Upstream = kept({
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
export const Exposed = kept({
  id: z.string(),
  handle: z.string().optional(),
  createdAt: z.number().optional(),
  fingerprint: z.string().optional(),
});
export type Exposed = z.infer<typeof Exposed>;

/** A leak of one or more credentials of a token, and how far the answer to it is. Kept 90 days. */
export const Incident = kept({
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
  /** When each of these was last found to be so no more. */
  withdrawn: kept({
    containedAt: z.number().optional(),
    replacedAt: z.number().optional(),
    movedAt: z.number().optional(),
  }).optional(),
  /** When an exposed one became current again after it was replaced, within a day; so often that a person is asked, it is `held`. */
  returns: z.array(z.number()).readonly().optional(),
});
export type Incident = z.infer<typeof Incident>;

/** A person ended a token, or had Keyturn let go of it. Kept until its secret's rotation is switched on again. */
export const Ending = kept({
  /** `retire`: every credential of it has to die. `detach`: nothing is done with it any more, and they live on. */
  kind: z.enum(['retire', 'detach']),
  askedAt: z.number(),
  by: z.string(),
  endedAt: z.number().optional(),
});
export type Ending = z.infer<typeof Ending>;

/** A person looked at a token and approved of it, or did not. */
export const Review = kept({
  at: z.number(),
  /** Names the request, so that one that comes twice is one. */
  request: z.number(),
  by: z.string(),
  decision: z.enum(['approved', 'refused']),
  reason: z.string().optional(),
  /** What the token was seen to be allowed to do when it was approved, and so may do. */
  scopes: z.array(z.string()).readonly().optional(),
});
export type Review = z.infer<typeof Review>;

const TokenMembers = kept({
  id: z.string(),
  secretArn: z.string(),
  name: z.string(),
  provider: z.string(),
  admin: z.string().optional(),
  owner: z.string(),
  environment: z.string(),
  purpose: z.string(),
  policy: Policy,
  consumers: z.array(Consumer).readonly().optional(),
  enrolledAt: z.number(),
  /** When `inspect` last held the record against Secrets Manager and the issuer. */
  inspectedAt: z.number().optional(),
  /** Its place in the line of its issuer's inspections, where the line was too long for the queue. Lost, it takes another. */
  inspectionAt: z.number().optional(),
  /** The last good probe of the current value. */
  aliveAt: z.number().optional(),
  /** The last probe of the current value, good or not. */
  validity: Validity.optional(),
  /** Since when the issuer's dates of last use are looked at, and the last use by anybody but Keyturn. */
  use: kept({ since: z.number(), last: z.number().optional() }).optional(),
  /** How the issuer's clock stood against ours when it was last seen, where it may be off by more than goes unnoticed. */
  issuerClock: SeenClock.optional(),
  /** Gone from Secrets Manager or no longer registered; nothing is planned for it. */
  detachedAt: z.number().optional(),
  /** A person ended it, or had it let go. */
  ending: Ending.optional(),
  scopes: z.array(z.string()).readonly().optional(),
  /** Where the grant has new credentials made, as it was last seen. */
  reach: MadeAt.optional(),
  upstream: Upstream.optional(),
  /** The copies of its secret in other Regions that were ever seen, and how they are. */
  replicas: z.array(Replica).readonly().optional(),
  attempts: z.array(Attempt).readonly(),
  credentials: z.array(Credential).readonly(),
  findings: z.array(Finding).readonly(),
  suspects: z.array(Suspect).readonly(),
  /** Live credentials beside this token's that it does not know; some of them at most. */
  unrecognizedCredentials: z.array(z.string()).readonly().optional(),
  /** What people decided of it, the latest last. */
  reviews: z.array(Review).readonly().optional(),
  /** What was seen of it by others than the record. */
  noted: z.array(Noted).readonly().default([]),
  incidents: z.array(Incident).readonly().optional(),
  /** The version of the index in which every handle and fingerprint of this record leads to it. */
  indexed: z.number().optional(),
  /** When the versions of its secret were last held against the record. */
  readAt: z.number().optional(),
  /** And which labels there were then, as a digest. */
  labels: z.string().optional(),
  /** Rotations that failed since the last one that succeeded, and why the last of them did: of one attempt its first cause. */
  failures: z.number().int().nonnegative(),
  failedAt: z.number().optional(),
  lastError: kept({
    code: z.string(),
    message: z.string(),
    lasting: z.boolean(),
    attempt: z.string().optional(),
  }).optional(),
  /** The last credential that was made and could not be kept: why, when, how often in a row for that cause, and when its secret was seen to take a version since; until the next promotion. */
  lostMint: kept({
    code: z.string(),
    message: z.string(),
    at: z.number(),
    count: z.number().int().positive(),
    storableAt: z.number().optional(),
  }).optional(),
  /** Since when the issuer refuses the current value. */
  refusedSince: z.number().optional(),
  /** When a credential that had died early was last replaced without a person asking. */
  revivedAt: z.number().optional(),
  /** When the secret is to be deleted, or was: by then nobody can read its values any more, whatever of them lives. */
  deletion: kept({ at: z.number(), gone: z.boolean() }).optional(),
  /** Keyturn's own last move of AWSCURRENT, and when it was done by at the latest. */
  moved: kept({ from: z.string().optional(), to: z.string(), at: z.number() }).optional(),
  /** Why the secret cannot be managed as it is, in one sentence. */
  unusable: z.string().optional(),
  /** When it could be managed again after it could not; what is late is late from then. */
  usableSince: z.number().optional(),
  /** The sweep handed out commands and rests until then, unless something changes before. */
  restUntil: z.number().optional(),
  /** The admin credential that could make the current one was out at this time; until the next promotion. */
  adminLeakedAt: z.number().optional(),
  /** The credential that a health signal spoke against after its promotion; until the next promotion. */
  withdrawn: kept({
    credentialId: z.string(),
    signal: z.string(),
    firedAt: z.number(),
    at: z.number(),
  }).optional(),
  /** A person asked for a rotation; cleared when one was started. */
  rotateRequestedAt: z.number().optional(),
  /** Facts that are true and not yet told; cleared when the bus has accepted them. */
  outbox: z.array(Fact).readonly(),
  /** When the sweep has to look again, rotations apart; undefined when never. */
  dueAt: z.number().optional(),
  /** From when the sweep may start the next rotation; undefined while none is wanted, or one is under way. */
  startAt: z.number().optional(),
});
/**
 * A managed secret and all we know of it: the one record that changes under one version check. Findings, notes, facts and reviews of a kind that is not known are kept and passed over.
 * A state of a credential or of a rotation that is not known is not guessed at: the record is refused.
 */
export const Token = keptApart(TokenMembers, {
  lists: { findings: Finding, noted: Noted, outbox: Fact, reviews: Review },
});
export type Token = z.infer<typeof Token>;

export function currentOf(token: Token): Credential | undefined {
  return token.credentials.find((credential) => credential.state === 'current');
}

/** The credential whose version AWSCURRENT names: the current one, or the one that was current until it died by order of the policy, while nothing has become current since. */
export function holderOfCurrent(token: Token): Credential | undefined {
  return (
    currentOf(token) ??
    token.credentials.findLast((one) => one.state === 'ended' && one.forcedRevocation !== undefined)
  );
}

export function credentialOf(token: Token, id: string): Credential | undefined {
  return token.credentials.find((credential) => credential.id === id);
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
export function liveCredentials(token: Token): Credential[] {
  return token.credentials.filter((credential) => credential.state !== 'ended');
}

/** Every handle this token has on record, dead ones included: where to look, never what is so. */
export function knownHandles(token: Token): Set<string> {
  const minted = token.attempts.flatMap((attempt) => attempt.mints.map((mint) => mint.handle));
  const held = token.credentials.map((one) => one.handle);
  return new Set([...minted, ...held].filter((handle) => handle !== undefined));
}

/** Every fingerprint this token has on record. */
export function knownFingerprints(token: Token): Set<string> {
  const minted = token.attempts.flatMap((attempt) => attempt.mints.map((mint) => mint.fingerprint));
  const held = token.credentials.map((one) => one.fingerprint);
  return new Set([...minted, ...held].filter((fingerprint) => fingerprint !== undefined));
}

/**
 * Whether the record accounts for a credential that an issuer lists. A dead one accounts for nothing that was made after it: an issuer may give its handle out again.
 */
export function accountsFor(token: Token, listed: Identity): boolean {
  const isHeld = token.credentials.some(
    (one) =>
      one.handle !== undefined &&
      likeness(one, listed) === 'same' &&
      (one.state !== 'ended' || !isYounger(listed, one.endedAt, token.issuerClock)),
  );
  return (
    isHeld ||
    token.attempts.some((attempt) =>
      attempt.mints.some(
        (mint) =>
          mint.handle !== undefined &&
          mint.handle === listed.handle &&
          isOfMint(listed, mint.at, token.issuerClock),
      ),
    )
  );
}

function isYounger({ createdAt }: Identity, end: Instant | undefined, clock: SeenClock | undefined): boolean {
  return createdAt !== undefined && end !== undefined && isMadeAfter(createdAt, end, clock);
}

function isOfMint({ createdAt }: Identity, at: Instant, clock: SeenClock | undefined): boolean {
  return createdAt === undefined || isOfMintAt(createdAt, at, clock);
}
