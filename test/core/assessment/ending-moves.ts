import type { Facts } from '../../../functions/core/assessment/assess-rotation.ts';
import { acceptable, withAccepted } from '../../../functions/core/detection/dismissed-findings.ts';
import { withEnd, withFarewell } from '../../../functions/core/token/retirement.ts';
import type { FindingKind } from '../../../functions/core/findings/findings.ts';
import { withForgotten } from '../../../functions/core/incidents/forget.ts';
import { withIncidents } from '../../../functions/core/incidents/incidents.ts';
import { moveCredential, openedAttempt, withAttempt } from '../../../functions/core/token/transitions.ts';
import { promoted } from '../../../functions/core/token/promotion.ts';
import { noting, unnoted } from '../../../functions/core/findings/reported-findings.ts';
import { withReview } from '../../../functions/core/token/reviews.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { DAY } from '../../../functions/core/basics/time.ts';
import { T0, aToken } from '../../fakes/tokens.ts';
import { NO_LAGS, slotsOf } from '../../fakes/facts.ts';

export const FACTS: Facts = { slots: slotsOf(2), lags: NO_LAGS };

/** The same where only people create values. */
export const BY_PERSON: Facts = {
  ...FACTS,
  value: 'person',
  byPerson: {
    link: 'https://issuer.example.com/new',
    scopedLink: 'https://issuer.example.com/new?scopes=',
    steps: ['Create it.'],
  },
};

/** Open since long ago, so that every kind has begun. */
export const NOW = T0 + 100 * DAY;

export const CURRENT: Credential = {
  id: 'v1',
  versionId: 'v1',
  handle: 'h1',
  origin: 'minted',
  state: 'current',
  issuedAt: NOW - DAY,
  promotedAt: NOW - DAY,
};

const OLD: Credential = {
  id: 'v0',
  versionId: 'v0',
  handle: 'h0',
  origin: 'minted',
  state: 'previous',
  supersededAt: NOW - DAY,
};

export const calm = (change: Partial<Token> = {}): Token =>
  aToken({ credentials: [CURRENT], activeAt: NOW, enrolledAt: NOW - DAY, ...change });

export const withCurrent = (change: Partial<Credential>): Token =>
  calm({ credentials: [{ ...CURRENT, ...change }] });

export const withOld = (change: Partial<Credential>, more: Partial<Token> = {}): Token =>
  calm({ credentials: [{ ...OLD, ...change }, CURRENT], ...more });

export const INCIDENT = {
  id: 'i',
  exposed: [{ id: 'v0', handle: 'h0' }],
  source: 'a scanner',
  reportedAt: NOW - DAY,
  replacedAt: NOW - DAY,
};

/** What commands and events leave in the record. */
export function rotated(token: Token, now: number): Token {
  const opened = withAttempt(
    openedAttempt(token, { id: 'v9', cause: 'operator', openedAt: now, deadline: now }),
    'v9',
    (one) => ({ ...one, mints: [{ at: now, handle: 'h9' }] }),
  );
  const done = promoted(opened, 'v9', { oldVersion: undefined, now, by: 'ana' });
  return { ...done, attempts: done.attempts.map((one) => ({ ...one, tidy: true })) };
}

export const forgotten = (token: Token, now: number): Token =>
  withForgotten(token, { credentialId: 'v0', by: 'ana', reason: 'its project is deleted', now });

export const ended = (token: Token, now: number): Token =>
  withIncidents(moveCredential(token, 'v0', 'end', { endedAt: now, problem: undefined }), now);

export const accepted = (token: Token, now: number): Token =>
  withAccepted(token, acceptable(token, '*'), { by: 'ana', at: now, request: 'r' });

export const approved = (token: Token, now: number): Token =>
  withReview(token, {
    at: now,
    request: now,
    by: 'ana',
    decision: 'approved',
    scopes: [...(token.scopes ?? [])],
  });

export const retired = (token: Token, now: number): Token => {
  const asked = withFarewell(token, { kind: 'retire', by: 'ana', now });
  return withEnd(
    asked.credentials.reduce(
      (doing, one) => moveCredential(doing, one.id, 'end', { endedAt: now, problem: undefined }),
      asked,
    ),
    now,
  );
};

/**
 * What is noted by others than the record is taken back by them once they look and it is over, or its time
 * is.
 */
export const lookedAt =
  (kind: FindingKind) =>
  (token: Token): Token =>
    unnoted(token, kind);

export const timeOver = (token: Token): Token => token;

export interface Scene {
  /** Of the issuer, where they matter. */
  readonly facts?: Facts;
  readonly open: Token;
  readonly over: (token: Token, now: number) => Token;
}

export function noted(kind: FindingKind, over: Scene['over'], until?: number): Scene {
  return {
    open: noting(calm(), { kind, subject: 'role/x', severity: 'warning', detail: 'x' }, { now: NOW, until }),
    over,
  };
}
