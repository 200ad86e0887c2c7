import type { FindingKind } from '../../../functions/core/findings/findings.ts';
import { withReview } from '../../../functions/core/token/reviews.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { aToken } from '../../fakes/tokens.ts';
import {
  BY_PERSON,
  NOW,
  CURRENT,
  calm,
  withCurrent,
  withOld,
  INCIDENT,
  rotated,
  forgotten,
  ended,
  accepted,
  approved,
  retired,
  lookedAt,
  timeOver,
  type Scene,
  noted,
} from './ending-moves.ts';

/**
 * One row of the table each: a record in which it is open, and what its command or its event makes of the
 * record.
 */
export const SCENES: Readonly<Record<FindingKind, Scene>> = {
  'token-expiring': {
    open: {
      ...withCurrent({ expiresAt: NOW + 2 * DAY }),
      policy: { ...aToken().policy, rotateBeforeExpiry: 30 * DAY, jitter: 0 },
      credentials: [
        { ...CURRENT, issuedAt: NOW - 30 * DAY, promotedAt: NOW - 30 * DAY, expiresAt: NOW + 2 * DAY },
      ],
    },
    over: rotated,
  },
  'max-age-near': {
    open: { ...withCurrent({ issuedAt: NOW - 85 * DAY, promotedAt: NOW - 85 * DAY }) },
    over: rotated,
  },
  'token-expired': { open: withCurrent({ expiresAt: NOW - 1 }), over: rotated },
  'token-inactive': { open: calm({ refusedSince: NOW - HOUR }), over: rotated },
  'validity-unknown': {
    open: calm({
      activeAt: NOW - 10 * DAY,
      enrolledAt: NOW - 20 * DAY,
      credentials: [{ ...CURRENT, promotedAt: NOW - 10 * DAY }],
    }),
    over: (token) => ({ ...token, activeAt: NOW + 2 * DAY }),
  },
  'max-age-exceeded': {
    open: withCurrent({ issuedAt: NOW - 99 * DAY, promotedAt: NOW - 99 * DAY }),
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
      credentials: [{ ...CURRENT, issuedAt: NOW - 32 * DAY, promotedAt: NOW - 32 * DAY }],
    },
    over: (token, now) => rotated(token, now),
  },
  'value-due': {
    facts: BY_PERSON,
    open: withCurrent({ issuedAt: NOW - 85 * DAY, promotedAt: NOW - 85 * DAY }),
    over: (token, now) => ({ ...token, submitted: { versionId: 's', at: now } }),
  },
  'revocation-due': {
    open: withOld({ problem: { kind: 'revocation-due', detail: 'x' } }),
    over: forgotten,
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
