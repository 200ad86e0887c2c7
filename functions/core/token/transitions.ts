import type { Attempt, Cause } from './attempt.ts';
import type { Credential } from './credential.ts';
import type { Token } from './token.ts';
import { attemptOf } from './lookups.ts';
import type { Instant } from '../basics/time.ts';

/** Which state a credential moves to; what is not in the table cannot happen. */
export const CREDENTIAL_MOVES = {
  supersede: { current: 'previous' },
  promote: { previous: 'current', 'rolling-back': 'current', revoking: 'current' },
  'claim-revoke': { previous: 'revoking' },
  'claim-rollback': { previous: 'rolling-back' },
  release: { revoking: 'previous', 'rolling-back': 'previous' },
  /** Its revocation was verified, and its issuer accepts it again. */
  revive: { ended: 'revoking' },
  end: { current: 'ended', previous: 'ended', revoking: 'ended', 'rolling-back': 'ended' },
} as const satisfies Record<string, Partial<Record<Credential['state'], Credential['state']>>>;

export type CredentialMove = keyof typeof CREDENTIAL_MOVES;

/**
 * Which state an attempt moves to. `aborting` may still turn out promoted: the label move was under way and
 * took effect.
 */
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

/** Replaces one credential; an unknown id changes nothing. */
export function withCredential(
  token: Token,
  id: string,
  change: (credential: Credential) => Credential,
): Token {
  return { ...token, credentials: token.credentials.map((one) => (one.id === id ? change(one) : one)) };
}

/** Moves a credential and changes some of its fields; an illegal move changes nothing. */
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
  if (move !== 'claim-rollback') return one;
  const { givenUp: _givenUp, kept: _kept, endingSince: _since, ...rest } = one;
  return rest;
}

/**
 * What was meant for a credential that was to end was meant for one that was not current: once it is current
 * again nothing of that holds.
 */
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
    disabledAt: _20,
    notDisabledAt: _21,
    replacing: _22,
    ...rest
  } = one;
  return rest;
}

/** A credential that the label AWSCURRENT was found on, whatever it was before. */
export function currentAgain(one: Credential, now: Instant): Credential {
  return { ...withoutEnd(one), state: 'current', promotedAt: now };
}

/** What old credentials were kept for may be here: they are looked at again. */
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

/** Opens an attempt; one with this id is left as it is. */
export function openedAttempt(
  token: Token,
  attempt: { id: string; cause: Cause; openedAt: Instant; deadline: Instant },
): Token {
  if (attemptOf(token, attempt.id)) return token;
  return { ...token, attempts: [...token.attempts, { ...attempt, state: 'open', mints: [] }] };
}
