import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assess, type Facts } from '../../../functions/core/assessment/assess.ts';
import { acceptable, withAccepted } from '../../../functions/core/detection/dismissed-findings.ts';
import { withEnd, withFarewell } from '../../../functions/core/token/retirement.ts';
import { ENDINGS, TOLD_AS } from '../../../functions/core/assessment/endings.ts';
import {
  NEW_INSTALLATION_RECORD,
  assessedInstallationRecord,
} from '../../../functions/core/inventory/installation.ts';
import { FINDING_KINDS, type FindingKind } from '../../../functions/core/findings/findings.ts';
import { withForgotten } from '../../../functions/core/incidents/forget.ts';
import { lostRotation } from '../../../functions/core/incidents/forget-rotation.ts';
import type { Attempt } from '../../../functions/core/token/attempt.ts';
import { withIncidents } from '../../../functions/core/incidents/incidents.ts';
import { moveCredential, openedAttempt, withAttempt } from '../../../functions/core/token/transitions.ts';
import { promoted } from '../../../functions/core/token/promotion.ts';
import { noting, unnoted } from '../../../functions/core/findings/reported-findings.ts';
import { withReview } from '../../../functions/core/token/reviews.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const FACTS: Facts = { slots: 2, revokeLag: 0 };
/** Open since long ago, so that every kind has begun. */
const NOW = T0 + 100 * DAY;

const CURRENT: Credential = {
  id: 'v1',
  versionId: 'v1',
  handle: 'h1',
  origin: 'minted',
  state: 'current',
  bornAt: NOW - DAY,
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
const calm = (change: Partial<Token> = {}): Token =>
  aToken({ credentials: [CURRENT], aliveAt: NOW, enrolledAt: NOW - DAY, ...change });
const withCurrent = (change: Partial<Credential>): Token =>
  calm({ credentials: [{ ...CURRENT, ...change }] });
const withOld = (change: Partial<Credential>, more: Partial<Token> = {}): Token =>
  calm({ credentials: [{ ...OLD, ...change }, CURRENT], ...more });
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
  withForgotten(token, { credentialId: 'v0', by: 'ana', reason: 'its project is deleted', now });
const ended = (token: Token, now: number): Token =>
  withIncidents(moveCredential(token, 'v0', 'end', { endedAt: now, problem: undefined }), now);
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
    asked.credentials.reduce(
      (doing, one) => moveCredential(doing, one.id, 'end', { endedAt: now, problem: undefined }),
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
  'token-expiring': {
    open: {
      ...withCurrent({ expiresAt: NOW + 2 * DAY }),
      policy: { ...aToken().policy, rotateBeforeExpiry: 30 * DAY, jitter: 0 },
      credentials: [
        { ...CURRENT, bornAt: NOW - 30 * DAY, promotedAt: NOW - 30 * DAY, expiresAt: NOW + 2 * DAY },
      ],
    },
    over: rotated,
  },
  'max-age-near': {
    open: { ...withCurrent({ bornAt: NOW - 85 * DAY, promotedAt: NOW - 85 * DAY }) },
    over: rotated,
  },
  'token-expired': { open: withCurrent({ expiresAt: NOW - 1 }), over: rotated },
  'token-inactive': { open: calm({ refusedSince: NOW - HOUR }), over: rotated },
  'validity-unknown': {
    open: calm({
      aliveAt: NOW - 10 * DAY,
      enrolledAt: NOW - 20 * DAY,
      credentials: [{ ...CURRENT, promotedAt: NOW - 10 * DAY }],
    }),
    over: (token) => ({ ...token, aliveAt: NOW + 2 * DAY }),
  },
  'max-age-exceeded': {
    open: withCurrent({ bornAt: NOW - 99 * DAY, promotedAt: NOW - 99 * DAY }),
    over: rotated,
  },
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
  'credential-limit-reached': { open: withOld({}, { rotateRequestedAt: NOW - DAY }), over: forgotten },
  'rotation-deferred': {
    open: {
      ...calm({
        policy: { ...aToken().policy, rotateAfter: 'staging/x', jitter: 0 },
        upstream: { name: 'staging/x', seenAt: NOW, trouble: 'It failed.' },
      }),
      credentials: [{ ...CURRENT, bornAt: NOW - 32 * DAY, promotedAt: NOW - 32 * DAY }],
    },
    over: (token, now) => rotated(token, now),
  },
  'revocation-blocked': {
    open: withOld({ problem: { kind: 'revocation-blocked', detail: 'x' } }),
    over: forgotten,
  },
  'revocation-ineffective': {
    open: withOld({ problem: { kind: 'revocation-ineffective', detail: 'x' } }),
    over: forgotten,
  },
  'previous-credential-in-use': { open: withOld({ supersededAt: NOW - 30 * DAY }), over: ended },
  'previous-credential-expiring': {
    open: withOld({
      expiresAt: NOW + HOUR,
      pendingConsumers: [{ who: 'ci', why: 'it has not moved', since: NOW - DAY }],
    }),
    over: ended,
  },
  'replica-out-of-sync': {
    open: withOld({}, { replicas: [{ region: 'eu-west-1', status: 'Failed', since: NOW - DAY }] }),
    over: (token) => ({ ...token, replicas: [{ region: 'eu-west-1', status: 'InSync', since: NOW }] }),
  },
  'version-kept': {
    open: withOld({ supersededAt: NOW - 30 * DAY, kept: { label: 'KEEP', since: NOW - 30 * DAY } }),
    over: ended,
  },
  'delivery-failed': {
    open: calm({
      consumers: [
        {
          name: 'ci',
          kind: 'github',
          target: 'a/b:C',
          delivery: {
            credentialId: 'v1',
            promotedAt: NOW - DAY,
            state: 'failed',
            tries: 3,
            problem: { code: 'delivery-invalid', message: 'x', lasting: true },
          },
        },
      ],
    }),
    over: (token) => ({
      ...token,
      consumers: (token.consumers ?? []).map((one) => ({
        ...one,
        delivery: { credentialId: 'v1', promotedAt: NOW - DAY, state: 'proven', tries: 3, provenAt: NOW },
      })),
    }),
  },
  'credential-orphaned': {
    open: withOld({ origin: 'found', state: 'revoking', revocationBegunAt: NOW }),
    over: forgotten,
  },
  'credential-unmanaged': {
    open: withOld({ problem: { kind: 'credential-unmanaged', detail: 'x' } }),
    over: forgotten,
  },
  'rotation-rolled-back': {
    open: calm({ withdrawn: { credentialId: 'v0', signal: 's', firedAt: NOW, at: NOW } }),
    over: rotated,
  },
  'rollback-failed': {
    open: calm({ withdrawn: { credentialId: 'v1', signal: 's', firedAt: NOW, at: NOW } }),
    over: rotated,
  },
  'secret-unusable': { open: calm({ unusable: 'x' }), over: rotated },
  'secret-deleted': { open: calm({ deletion: { at: NOW, gone: true }, detachedAt: NOW }), over: retired },
  'tag-invalid': noted('tag-invalid', lookedAt('tag-invalid')),
  'policy-unkeepable': noted('policy-unkeepable', lookedAt('policy-unkeepable')),
  'reader-unrecognized': noted('reader-unrecognized', accepted),
  'bulk-read': noted('bulk-read', timeOver, NOW + HOUR),
  'reader-location-new': noted('reader-location-new', accepted),
  'read-volume-unusual': noted('read-volume-unusual', accepted),
  'access-denied': noted('access-denied', accepted),
  'noncurrent-version-read': noted('noncurrent-version-read', accepted),
  'out-of-band-change': noted('out-of-band-change', accepted),
  'rotation-disabled': noted('rotation-disabled', lookedAt('rotation-disabled')),
  'kms-key-unusable': noted('kms-key-unusable', timeOver, NOW + HOUR),
  'dormant-token-read': noted('dormant-token-read', accepted),
  'scope-drift': { open: withCurrent({ scopes: { first: ['a'], last: ['a', 'b'] } }), over: rotated },
  'credential-leaked': { open: withOld({}, { incidents: [INCIDENT] }), over: ended },
  'leak-not-contained': { open: withOld({}, { incidents: [INCIDENT] }), over: ended },
  'leak-reports-rate-limited': noted('leak-reports-rate-limited', timeOver, NOW + HOUR),
  'admin-credential-expiring': noted('admin-credential-expiring', lookedAt('admin-credential-expiring')),
  'admin-credential-unusable': noted('admin-credential-unusable', lookedAt('admin-credential-unusable')),
  'issuing-credential-leaked': { open: calm({ adminLeakedAt: NOW }), over: rotated },
  'admin-credential-leaked': noted('admin-credential-leaked', lookedAt('admin-credential-leaked')),
  'alert-subscription-unhealthy': noted(
    'alert-subscription-unhealthy',
    lookedAt('alert-subscription-unhealthy'),
  ),
  'cloudtrail-events-missing': noted('cloudtrail-events-missing', lookedAt('cloudtrail-events-missing')),
  'test-alert-sent': noted('test-alert-sent', timeOver, NOW + HOUR),
  'secret-unregistered': noted('secret-unregistered', lookedAt('secret-unregistered')),
  'owner-missing': noted('owner-missing', lookedAt('owner-missing')),
  'token-shared': noted('token-shared', lookedAt('token-shared')),
  'credential-duplicated': noted('credential-duplicated', lookedAt('credential-duplicated')),
  'token-unused': noted('token-unused', retired),
  'over-privileged': {
    open: calm({ policy: { ...aToken().policy, scopes: ['a'] }, scopes: ['a', 'b'] }),
    over: approved,
  },
  'credential-unrecognized': noted('credential-unrecognized', lookedAt('credential-unrecognized')),
  'review-rejected': {
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

  it('rotation-stuck, of what a rotation may have left, by its command', () => {
    const lost: Attempt = {
      id: 'a',
      cause: 'due',
      state: 'aborted',
      openedAt: NOW - 3 * DAY,
      deadline: NOW,
      mints: [{ at: NOW }],
    };
    const open = calm({ attempts: [{ ...lost, endedAt: NOW - 2 * DAY, tidy: false }] });
    const isOpen = (token: Token): boolean =>
      assess(token, FACTS, NOW).some((one) => one.kind === 'rotation-stuck');
    assert.ok(isOpen(open));
    assert.match(ENDINGS['rotation-stuck'].command, /^keyturn forget TOKEN ROTATION$/);
    assert.match(
      assess(open, FACTS, NOW)
        .map((one) => one.detail)
        .join(),
      /keyturn forget \S+ a --reason TEXT/,
    );
    const left = withForgotten(open, {
      credentialId: 'a',
      by: 'ana',
      reason: 'its project is deleted',
      now: NOW,
    });
    assert.equal(lostRotation(left, 'a'), undefined, 'it is not looked for');
    assert.ok(!isOpen(withAttempt(left, 'a', (one) => ({ ...one, tidy: true }))));
  });

  it('of the installation too, when its time is over', () => {
    const installationRecord = noting(
      NEW_INSTALLATION_RECORD,
      { kind: 'leak-reports-rate-limited', severity: 'critical', detail: 'x' },
      { now: NOW, until: NOW + HOUR },
    );
    const open = assessedInstallationRecord(installationRecord, 'main', NOW);
    assert.deepEqual(
      open.findings.map((one) => one.state),
      ['open'],
    );
    assert.deepEqual(
      assessedInstallationRecord(open, 'main', NOW + 2 * HOUR).findings.map((one) => one.state),
      ['resolved'],
    );
  });
});

it('what a refusal leaves waiting is reported under a kind that has an end', () => {
  for (const kind of Object.values(TOLD_AS)) assert.ok(ENDINGS[kind].command.length > 0);
});
