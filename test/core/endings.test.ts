import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assess, type Facts } from '../../functions/core/assess.ts';
import { acceptable, withAccepted } from '../../functions/core/detection/accept.ts';
import { withEnd, withFarewell } from '../../functions/core/ending.ts';
import { ENDINGS, TOLD_AS } from '../../functions/core/endings.ts';
import { NEW_ESTATE, assessedEstate } from '../../functions/core/estate.ts';
import { FINDING_KINDS, type FindingKind } from '../../functions/core/findings.ts';
import { withForgotten } from '../../functions/core/forget.ts';
import { withIncidents } from '../../functions/core/incidents.ts';
import { moveGeneration, openedAttempt, promoted, withAttempt } from '../../functions/core/life.ts';
import { noting, unnoted } from '../../functions/core/noted.ts';
import { withReview } from '../../functions/core/reviews.ts';
import type { Generation, Token } from '../../functions/core/token.ts';
import { DAY, HOUR } from '../../functions/core/time.ts';
import { T0, aToken } from '../fakes/tokens.ts';

const FACTS: Facts = { slots: 2, revokeLag: 0 };
/** Open since long ago, so that every kind has begun. */
const NOW = T0 + 100 * DAY;

const CURRENT: Generation = {
  id: 'v1',
  versionId: 'v1',
  handle: 'h1',
  origin: 'minted',
  state: 'current',
  bornAt: NOW - DAY,
  promotedAt: NOW - DAY,
};
const OLD: Generation = {
  id: 'v0',
  versionId: 'v0',
  handle: 'h0',
  origin: 'minted',
  state: 'previous',
  supersededAt: NOW - DAY,
};
const calm = (change: Partial<Token> = {}): Token =>
  aToken({ generations: [CURRENT], aliveAt: NOW, enrolledAt: NOW - DAY, ...change });
const withCurrent = (change: Partial<Generation>): Token =>
  calm({ generations: [{ ...CURRENT, ...change }] });
const withOld = (change: Partial<Generation>, more: Partial<Token> = {}): Token =>
  calm({ generations: [{ ...OLD, ...change }, CURRENT], ...more });
const INCIDENT = {
  id: 'i',
  exposed: [{ id: 'v0', handle: 'h0' }],
  source: 'a scanner',
  reportedAt: NOW - DAY,
  replacedAt: NOW - DAY,
};

/** What commands and events leave in the record. */
function rotated(token: Token, now: number): Token {
  const opened = withAttempt(
    openedAttempt(token, { id: 'v9', cause: 'operator', openedAt: now, deadline: now }),
    'v9',
    (one) => ({ ...one, mints: [{ at: now, handle: 'h9' }] }),
  );
  const done = promoted(opened, 'v9', { oldVersion: undefined, now, by: 'ana' });
  return { ...done, attempts: done.attempts.map((one) => ({ ...one, tidy: true })) };
}
const forgotten = (token: Token, now: number): Token =>
  withForgotten(token, { generationId: 'v0', by: 'ana', reason: 'its project is deleted', now });
const dead = (token: Token, now: number): Token =>
  withIncidents(moveGeneration(token, 'v0', 'die', { deadAt: now, problem: undefined }), now);
const accepted = (token: Token, now: number): Token =>
  withAccepted(token, acceptable(token, '*'), { by: 'ana', at: now, request: 'r' });
const approved = (token: Token, now: number): Token =>
  withReview(token, {
    at: now,
    request: now,
    by: 'ana',
    decision: 'approved',
    scopes: [...(token.scopes ?? [])],
  });
const retired = (token: Token, now: number): Token => {
  const asked = withFarewell(token, { kind: 'retire', by: 'ana', now });
  return withEnd(
    asked.generations.reduce(
      (doing, one) => moveGeneration(doing, one.id, 'die', { deadAt: now, problem: undefined }),
      asked,
    ),
    now,
  );
};
/** What is noted by others than the record is taken back by them once they look and it is over, or its time is. */
const lookedAt =
  (kind: FindingKind) =>
  (token: Token): Token =>
    unnoted(token, kind);
const timeOver = (token: Token): Token => token;

interface Scene {
  readonly open: Token;
  readonly over: (token: Token, now: number) => Token;
}

function noted(kind: FindingKind, over: Scene['over'], until?: number): Scene {
  return {
    open: noting(calm(), { kind, subject: 'role/x', severity: 'warning', detail: 'x' }, { now: NOW, until }),
    over,
  };
}

/** One row of the table each: a record in which it is open, and what its command or its event makes of the record. */
const SCENES: Readonly<Record<FindingKind, Scene>> = {
  expiring: {
    open: {
      ...withCurrent({ expiresAt: NOW + 2 * DAY }),
      policy: { ...aToken().policy, rotateBeforeExpiry: 30 * DAY, jitter: 0 },
      generations: [
        { ...CURRENT, bornAt: NOW - 30 * DAY, promotedAt: NOW - 30 * DAY, expiresAt: NOW + 2 * DAY },
      ],
    },
    over: rotated,
  },
  ageing: { open: { ...withCurrent({ bornAt: NOW - 85 * DAY, promotedAt: NOW - 85 * DAY }) }, over: rotated },
  expired: { open: withCurrent({ expiresAt: NOW - 1 }), over: rotated },
  'token-dead': { open: calm({ refusedSince: NOW - HOUR }), over: rotated },
  'token-unknown': {
    open: calm({
      aliveAt: NOW - 10 * DAY,
      enrolledAt: NOW - 20 * DAY,
      generations: [{ ...CURRENT, promotedAt: NOW - 10 * DAY }],
    }),
    over: (token) => ({ ...token, aliveAt: NOW + 2 * DAY }),
  },
  'over-age': { open: withCurrent({ bornAt: NOW - 99 * DAY, promotedAt: NOW - 99 * DAY }), over: rotated },
  'clock-skew': noted('clock-skew', timeOver, NOW + HOUR),
  'rotation-failed': {
    open: calm({
      failures: 2,
      failedAt: NOW,
      lastError: { code: 'not-stored', message: 'It could not be stored.', lasting: true },
    }),
    over: rotated,
  },
  'rotation-stuck': {
    open: calm({
      attempts: [
        { id: 'a', cause: 'due', state: 'open', openedAt: NOW - DAY, deadline: NOW - DAY, mints: [] },
      ],
    }),
    over: (token, now) =>
      rotated(
        {
          ...token,
          attempts: token.attempts.map((one) => ({ ...one, state: 'aborted', endedAt: now, tidy: true })),
        },
        now,
      ),
  },
  'no-slot': { open: withOld({}, { rotateRequestedAt: NOW - DAY }), over: forgotten },
  held: {
    open: {
      ...calm({
        policy: { ...aToken().policy, after: 'staging/x', jitter: 0 },
        upstream: { name: 'staging/x', seenAt: NOW, trouble: 'It failed.' },
      }),
      generations: [{ ...CURRENT, bornAt: NOW - 32 * DAY, promotedAt: NOW - 32 * DAY }],
    },
    over: (token, now) => rotated(token, now),
  },
  'revoke-refused': { open: withOld({ problem: { kind: 'revoke-refused', detail: 'x' } }), over: forgotten },
  'not-dead': { open: withOld({ problem: { kind: 'not-dead', detail: 'x' } }), over: forgotten },
  laggards: { open: withOld({ supersededAt: NOW - 30 * DAY }), over: dead },
  'previous-credential-expiring': {
    open: withOld({
      expiresAt: NOW + HOUR,
      laggards: [{ who: 'ci', why: 'it has not moved', since: NOW - DAY }],
    }),
    over: dead,
  },
  'replica-out-of-sync': {
    open: withOld({}, { replicas: [{ region: 'eu-west-1', status: 'Failed', since: NOW - DAY }] }),
    over: (token) => ({ ...token, replicas: [{ region: 'eu-west-1', status: 'InSync', since: NOW }] }),
  },
  'version-kept': {
    open: withOld({ supersededAt: NOW - 30 * DAY, kept: { label: 'KEEP', since: NOW - 30 * DAY } }),
    over: dead,
  },
  'delivery-failed': {
    open: calm({
      consumers: [
        {
          name: 'ci',
          kind: 'github',
          target: 'a/b:C',
          delivery: {
            generationId: 'v1',
            promotedAt: NOW - DAY,
            state: 'failed',
            tries: 3,
            problem: { code: 'delivery-malformed', message: 'x', lasting: true },
          },
        },
      ],
    }),
    over: (token) => ({
      ...token,
      consumers: (token.consumers ?? []).map((one) => ({
        ...one,
        delivery: { generationId: 'v1', promotedAt: NOW - DAY, state: 'proven', tries: 3, provenAt: NOW },
      })),
    }),
  },
  stray: { open: withOld({ origin: 'found', state: 'revoking', claimedAt: NOW }), over: forgotten },
  unmanaged: { open: withOld({ problem: { kind: 'unmanaged', detail: 'x' } }), over: forgotten },
  'rolled-back': {
    open: calm({ withdrawn: { generationId: 'v0', signal: 's', firedAt: NOW, at: NOW } }),
    over: rotated,
  },
  'rollback-failed': {
    open: calm({ withdrawn: { generationId: 'v1', signal: 's', firedAt: NOW, at: NOW } }),
    over: rotated,
  },
  'secret-unusable': { open: calm({ unusable: 'x' }), over: rotated },
  'secret-deleted': { open: calm({ deletion: { at: NOW, gone: true }, detachedAt: NOW }), over: retired },
  'tag-invalid': noted('tag-invalid', lookedAt('tag-invalid')),
  'policy-unkeepable': noted('policy-unkeepable', lookedAt('policy-unkeepable')),
  'unknown-principal': noted('unknown-principal', accepted),
  'bulk-read': noted('bulk-read', timeOver, NOW + HOUR),
  'new-network': noted('new-network', accepted),
  'read-burst': noted('read-burst', accepted),
  'denied-calls': noted('denied-calls', accepted),
  'stale-read': noted('stale-read', accepted),
  'changed-outside': noted('changed-outside', accepted),
  'rotation-off': noted('rotation-off', lookedAt('rotation-off')),
  'key-disabled': noted('key-disabled', timeOver, NOW + HOUR),
  'woke-up': noted('woke-up', accepted),
  'scope-drift': { open: withCurrent({ scopes: { first: ['a'], last: ['a', 'b'] } }), over: rotated },
  leaked: { open: withOld({}, { incidents: [INCIDENT] }), over: dead },
  uncontained: { open: withOld({}, { incidents: [INCIDENT] }), over: dead },
  'report-flood': noted('report-flood', timeOver, NOW + HOUR),
  'admin-expiring': noted('admin-expiring', lookedAt('admin-expiring')),
  'admin-refused': noted('admin-refused', lookedAt('admin-refused')),
  'admin-leaked': { open: calm({ adminLeakedAt: NOW }), over: rotated },
  'admin-exposed': noted('admin-exposed', lookedAt('admin-exposed')),
  'alert-route-broken': noted('alert-route-broken', lookedAt('alert-route-broken')),
  'trail-silent': noted('trail-silent', lookedAt('trail-silent')),
  'unmanaged-secret': noted('unmanaged-secret', lookedAt('unmanaged-secret')),
  ownerless: noted('ownerless', lookedAt('ownerless')),
  shared: noted('shared', lookedAt('shared')),
  duplicate: noted('duplicate', lookedAt('duplicate')),
  unused: noted('unused', retired),
  'over-privileged': {
    open: calm({ policy: { ...aToken().policy, scopes: ['a'] }, scopes: ['a', 'b'] }),
    over: approved,
  },
  'unknown-credential': noted('unknown-credential', lookedAt('unknown-credential')),
  'access-refused': {
    open: withReview(calm(), { at: NOW, request: 1, by: 'ana', decision: 'refused', reason: 'x' }),
    over: retired,
  },
  'review-due': noted('review-due', lookedAt('review-due')),
};

describe('every kind of finding ends', () => {
  for (const kind of FINDING_KINDS.options)
    it(`${kind}, by its command or its event, within ${ENDINGS[kind].looksEvery / HOUR} h and two days`, () => {
      const { open, over } = SCENES[kind];
      const isOpen = (token: Token, at: number): boolean =>
        assess(token, FACTS, at).some((one) => one.kind === kind);
      assert.ok(
        isOpen(open, NOW),
        `it is not open: ${assess(open, FACTS, NOW)
          .map((one) => one.kind)
          .join(' ')}`,
      );
      assert.ok(
        !isOpen(over(open, NOW + ENDINGS[kind].looksEvery), NOW + ENDINGS[kind].looksEvery + 2 * DAY),
        'it is not over',
      );
    });

  it('of the installation too, when its time is over', () => {
    const estate = noting(
      NEW_ESTATE,
      { kind: 'report-flood', severity: 'critical', detail: 'x' },
      { now: NOW, until: NOW + HOUR },
    );
    const open = assessedEstate(estate, 'main', NOW);
    assert.deepEqual(
      open.findings.map((one) => one.state),
      ['open'],
    );
    assert.deepEqual(
      assessedEstate(open, 'main', NOW + 2 * HOUR).findings.map((one) => one.state),
      ['resolved'],
    );
  });
});

it('what a refusal leaves waiting is told of under a kind that has an end', () => {
  for (const kind of Object.values(TOLD_AS)) assert.ok(ENDINGS[kind].command.length > 0);
});
