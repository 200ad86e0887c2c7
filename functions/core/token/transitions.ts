import type { LifecycleFact } from '../findings/events.ts';
import { lifeFactId } from '../findings/fact-ids.ts';
import { hasExposedMint, isExposed } from './exposure.ts';
import { likeness } from '../issuer/likeness.ts';
import { standing } from '../findings/reported-findings.ts';
import type { Attempt, Cause, Mint } from './attempt.ts';
import type { Reach } from '../issuer/provider.ts';
import type { Credential, Token } from './token.ts';
import { attemptOf, currentOf, credentialOf, holderOfCurrent, isUnderWay } from './token.ts';
import type { Instant } from '../basics/time.ts';

/** Which state a generation moves to; what is not in the table cannot happen. */
export const CREDENTIAL_MOVES = {
  supersede: { current: 'previous' },
  promote: { previous: 'current', 'rolling-back': 'current', revoking: 'current' },
  'claim-revoke': { previous: 'revoking' },
  'claim-restore': { previous: 'rolling-back' },
  release: { revoking: 'previous', 'rolling-back': 'previous' },
  /** It was called dead, and its issuer accepts it again. */
  revive: { ended: 'revoking' },
  die: { current: 'ended', previous: 'ended', revoking: 'ended', 'rolling-back': 'ended' },
} as const satisfies Record<string, Partial<Record<Credential['state'], Credential['state']>>>;
export type CredentialMove = keyof typeof CREDENTIAL_MOVES;

/** Which state an attempt moves to. `aborting` may still turn out promoted: the label move was under way and took effect. */
export const ATTEMPT_MOVES = {
  'claim-promote': { open: 'promoting', promoting: 'promoting' },
  promote: { open: 'promoted', promoting: 'promoted', aborting: 'promoted' },
  'abort-again': { aborted: 'aborting' },
  'claim-abort': { open: 'aborting', promoting: 'aborting', aborting: 'aborting' },
  abort: { aborting: 'aborted' },
} as const satisfies Record<string, Partial<Record<Attempt['state'], Attempt['state']>>>;
export type AttemptMove = keyof typeof ATTEMPT_MOVES;

/** The state after a move, or undefined when the table has none. */
export function moved<S extends string>(table: Partial<Record<S, S>>, state: S): S | undefined {
  return table[state];
}

export function canMove(credential: Credential, move: CredentialMove): boolean {
  return moved<Credential['state']>(CREDENTIAL_MOVES[move], credential.state) !== undefined;
}

/** Replaces one generation; an unknown id changes nothing. */
export function withCredential(
  token: Token,
  id: string,
  change: (credential: Credential) => Credential,
): Token {
  return { ...token, credentials: token.credentials.map((one) => (one.id === id ? change(one) : one)) };
}

/** Moves a generation and changes some of its fields; an illegal move changes nothing. */
export function moveCredential(
  token: Token,
  id: string,
  move: CredentialMove,
  fields: Partial<Credential> = {},
): Token {
  return withCredential(token, id, (one) => {
    const state = moved<Credential['state']>(CREDENTIAL_MOVES[move], one.state);
    return state === undefined ? one : { ...wanted(one, move), ...fields, state };
  });
}

/** What is to be used again is given up no more. */
function wanted(one: Credential, move: CredentialMove): Credential {
  if (move === 'promote') return withoutEnd(one);
  if (move !== 'claim-restore') return one;
  const { givenUp: _givenUp, kept: _kept, endingSince: _since, ...rest } = one;
  return rest;
}

/** What was meant for a credential that was to end was meant for one that was not current: once it is current again nothing of that holds. */
function withoutEnd(one: Credential): Credential {
  const {
    givenUp: _1,
    endingSince: _2,
    withoutGrace: _3,
    askedBy: _4,
    reason: _5,
    forcedRevocation: _6,
    revocationBegunAt: _7,
    verdict: _8,
    revokedAt: _9,
    endedAt: _10,
    problem: _11,
    lookAt: _12,
    pendingConsumers: _13,
    evidence: _14,
    supersededAt: _15,
    restoreFrom: _16,
    returnFailedAt: _17,
    kept: _18,
    shownCurrent: _19,
    ...rest
  } = one;
  return rest;
}

/** A credential that the label AWSCURRENT was found on, whatever it was before. */
export function currentAgain(one: Credential, now: Instant): Credential {
  return { ...withoutEnd(one), state: 'current', promotedAt: now };
}

/** What old generations were held for may be here: they are looked at again. */
export function lookedAtAgain(token: Token): Token {
  const waiting = token.credentials.filter(
    (one) => one.state === 'previous' && one.pendingConsumers !== undefined,
  );
  return waiting.reduce(
    (doing, one) => withCredential(doing, one.id, (same) => ({ ...same, lookAt: undefined })),
    token,
  );
}

export function withAttempt(token: Token, id: string, change: (attempt: Attempt) => Attempt): Token {
  return { ...token, attempts: token.attempts.map((one) => (one.id === id ? change(one) : one)) };
}

export function moveAttempt(
  token: Token,
  id: string,
  move: AttemptMove,
  fields: Partial<Attempt> = {},
): Token {
  return withAttempt(token, id, (one) => {
    const state = moved<Attempt['state']>(ATTEMPT_MOVES[move], one.state);
    return state === undefined ? one : { ...one, ...fields, state };
  });
}

/** How many ended attempts and dead generations a record keeps; older ones live on in the history. */
const KEPT_ENDED = 5;

/**
 * Forgets the oldest ended attempts and dead generations, and notes whose time is over, so that a record stays small. What leaked is kept as long as its incident is:
 * without it nobody could tell whether it is dead.
 */
export function pruned(token: Token, now: Instant): Token {
  const ended = token.attempts.filter(
    (one) => !isUnderWay(one) && one.tidy === true && !hasExposedMint(token, one),
  );
  const holder = holderOfCurrent(token);
  const dead = token.credentials.filter(
    (one) =>
      one.state === 'ended' &&
      one !== holder &&
      one.askAgain === undefined &&
      one.forgotten === undefined &&
      !isExposed(token, one),
  );
  const dropAttempts = new Set(ended.slice(0, -KEPT_ENDED).map((one) => one.id));
  const dropCredentials = new Set(dead.slice(0, -KEPT_ENDED).map((one) => one.id));
  const noted = standing(token, now);
  if (dropAttempts.size === 0 && dropCredentials.size === 0 && noted.length === token.noted.length)
    return token;
  return {
    ...token,
    noted,
    attempts: token.attempts.filter((one) => !dropAttempts.has(one.id)),
    credentials: token.credentials.filter((one) => !dropCredentials.has(one.id)),
  };
}

/** Opens an attempt; one with this id is left as it is. */
export function openedAttempt(
  token: Token,
  attempt: { id: string; cause: Cause; openedAt: Instant; deadline: Instant },
): Token {
  if (attemptOf(token, attempt.id)) return token;
  return { ...token, attempts: [...token.attempts, { ...attempt, state: 'open', mints: [] }] };
}

/** Notes what the issuer answered to the latest mint that has no handle yet. */
export function answeredMint(attempt: Attempt, answer: Partial<Mint> & { handle: string }): Attempt {
  const index = attempt.mints.findLastIndex(
    (mint) => mint.handle === undefined && matchesAnswer(mint, answer),
  );
  if (index === -1) return attempt;
  return {
    ...attempt,
    mints: attempt.mints.map((mint, at) => (at === index ? { ...mint, ...answer } : mint)),
  };
}

/** Notes under which fingerprint the value of an answered mint is known. */
export function fingerprintedMint(attempt: Attempt, handle: string, fingerprint: string): Attempt {
  const index = attempt.mints.findLastIndex((mint) => mint.handle === handle);
  return {
    ...attempt,
    mints: attempt.mints.map((mint, at) => (at === index ? { ...mint, fingerprint } : mint)),
  };
}

function matchesAnswer(mint: Mint, answer: Partial<Mint>): boolean {
  return (
    mint.fingerprint === undefined ||
    answer.fingerprint === undefined ||
    mint.fingerprint === answer.fingerprint
  );
}

/** A fact about a token's life. */
export function lifecycleFact(
  token: Token,
  fact: {
    what: LifecycleFact['what'];
    about: string;
    detail: string;
    by: string;
    at: Instant;
    incident?: LifecycleFact['incident'];
  },
): LifecycleFact {
  return {
    type: 'lifecycle',
    id: lifeFactId(token.id, fact),
    at: fact.at,
    tokenId: token.id,
    name: token.name,
    provider: token.provider,
    owner: token.owner,
    environment: token.environment,
    what: fact.what,
    detail: fact.detail,
    by: fact.by,
    ...(fact.incident && { incident: fact.incident }),
  };
}

/** Puts a fact into the outbox, once. */
export function telling(token: Token, fact: Parameters<typeof lifecycleFact>[1]): Token {
  const made = lifecycleFact(token, fact);
  return token.outbox.some((one) => one.id === made.id)
    ? token
    : { ...token, outbox: [...token.outbox, made] };
}

/**
 * Records that the version of an attempt is AWSCURRENT: its generation is current, the one before is in grace.
 * Recording it twice changes nothing.
 */
export function promoted(
  token: Token,
  attemptId: string,
  seen: { oldVersion: string | undefined; now: Instant; by: string; detail?: string },
): Token {
  const attempt = attemptOf(token, attemptId);
  if (!attempt || attempt.state === 'promoted' || attempt.state === 'aborted') return token;
  const mint = attempt.mints.findLast((one) => one.handle !== undefined && one.trial !== true);
  const made: Credential = {
    id: attemptId,
    versionId: attemptId,
    origin: 'minted',
    state: 'current',
    bornAt: mint?.at,
    promotedAt: attempt.promotingAt ?? seen.now,
    handle: mint?.handle,
    ...(mint?.createdAt !== undefined && { createdAt: mint.createdAt }),
    fingerprint: mint?.fingerprint,
    expiresAt: mint?.expiresAt,
    ...(attempt.testedAt !== undefined && { probes: [attempt.testedAt] }),
    ...(mint?.reach && { reach: mint.reach }),
  };
  const ended = moveAttempt(token, attemptId, 'promote', { endedAt: seen.now, tidy: false });
  const inGrace = supersededBy(ended, made, seen);
  const {
    lastError: _error,
    lostMint: _lost,
    failedAt: _failedAt,
    rotateRequestedAt: _asked,
    refusedSince: _refused,
    unusable: _unusable,
    withdrawn: _withdrawn,
    adminLeakedAt: _leaked,
    ...rest
  } = inGrace;
  const revived =
    token.refusedSince !== undefined && (attempt.cause === 'dead' || attempt.cause === 'retry')
      ? { revivedAt: seen.now }
      : {};
  const moved = { from: seen.oldVersion ?? currentOf(token)?.versionId, to: attemptId, at: seen.now };
  const healthy: Token = {
    ...rest,
    ...revived,
    moved,
    failures: 0,
    aliveAt: seen.now,
    validity: { at: seen.now, outcome: 'alive' },
  };
  return telling(healthy, {
    what: 'rotated',
    about: attemptId,
    detail: seen.detail ?? `version ${attemptId} is current`,
    by: seen.by,
    at: seen.now,
  });
}

function supersededBy(
  token: Token,
  made: Credential,
  seen: { oldVersion: string | undefined; now: Instant },
): Token {
  const known = token.credentials.filter((one) => one.id !== made.id);
  const stepped = known.map((one): Credential =>
    one.state === 'current' ? { ...one, state: 'previous', supersededAt: seen.now } : one,
  );
  const old = seen.oldVersion;
  const unknown = old !== undefined && old !== made.id && !credentialOf(token, old);
  const adopted: Credential[] = unknown
    ? [{ id: old, versionId: old, origin: 'adopted', state: 'previous', supersededAt: seen.now }]
    : [];
  return { ...token, credentials: [...stepped, ...adopted, made] };
}

/**
 * One credential stored twice, as when a person changed another field of the secret, is one generation: the current one.
 * An old generation of the same credential has no end of its own, and must not count as a second one.
 */
export function withoutTwins(credentials: readonly Credential[]): Credential[] {
  const current = credentials.find((one) => one.state === 'current');
  return credentials.filter(
    (one) => one.state !== 'previous' || current === undefined || !isSameCredential(one, current),
  );
}

export function isSameCredential(a: Credential, b: Credential): boolean {
  return likeness(a, b) === 'same';
}

/** A credential that is to die without ever having been of use. */
export interface RecordedForRevocation {
  readonly at: Instant;
  readonly versionId?: string | undefined;
  readonly handle: string;
  readonly createdAt?: Instant | undefined;
  readonly fingerprint?: string | undefined;
  readonly reach?: Reach | undefined;
  readonly expiresAt?: Instant | undefined;
  readonly origin: Credential['origin'];
  /** True when it is certain that no consumer ever had it. */
  readonly neverCurrent: boolean;
  readonly reason: string;
}

/** Marks a credential that no version will ever need for the revoke path: an aborted attempt's, a lost one. */
export function recordedForRevocation(token: Token, target: RecordedForRevocation): Token {
  if (token.credentials.some((one) => likeness(one, target) === 'same')) return token;
  const versionId =
    target.versionId !== undefined && !credentialOf(token, target.versionId) ? target.versionId : undefined;
  const made: Credential = {
    id: versionId ?? unusedId(token, `lost:${target.handle}`),
    versionId,
    handle: target.handle,
    createdAt: target.createdAt,
    fingerprint: target.fingerprint,
    origin: target.origin,
    ...(target.reach && { reach: target.reach }),
    ...(target.expiresAt !== undefined && { expiresAt: target.expiresAt }),
    ...(target.neverCurrent && { neverCurrent: true }),
    state: 'revoking',
    withoutGrace: true,
    revocationBegunAt: target.at,
    endingSince: target.at,
    reason: target.reason,
  };
  return { ...token, credentials: [...token.credentials, made] };
}

/** Whoever writes a secret chooses its version ids, and could choose one of this shape. */
function unusedId(token: Token, id: string): string {
  return credentialOf(token, id) ? unusedId(token, `lost:${id}`) : id;
}

/** The credential that an attempt's new admin credential made on trial, once its issuer answered. */
export function trialIn(token: Token, attemptId: string): Credential | undefined {
  return token.credentials.find((one) => one.trialOf === attemptId);
}

/** Marks what was made on trial for its end, which proves that its maker can revoke. */
export function accountedTrial(
  token: Token,
  attemptId: string,
  made: { handle: string; createdAt?: Instant | undefined; fingerprint?: string; reach: Reach; at: Instant },
): Token {
  const marked = recordedForRevocation(token, {
    ...made,
    origin: 'minted',
    neverCurrent: true,
    reason: 'made to prove that a new admin credential can mint and revoke',
  });
  return {
    ...marked,
    credentials: marked.credentials.map((one) =>
      one.handle === made.handle ? { ...one, trialOf: attemptId } : one,
    ),
  };
}
