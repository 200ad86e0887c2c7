import * as fc from 'fast-check';
import { CREDENTIAL_MOVES } from '../../functions/core/token/transitions.ts';
import { parseFreeze } from '../../functions/core/basics/freezes.ts';
import { parseWindow } from '../../functions/core/basics/weekly-windows.ts';
import { contradictionIn } from '../../functions/core/policy/self-contradictions.ts';
import type { Policy } from '../../functions/core/policy/policy.ts';
import type { PolicyInput } from '../../functions/core/policy/policy-input.ts';
import type { Facts } from '../../functions/core/assessment/assess-rotation.ts';
import type { Attempt } from '../../functions/core/token/attempt.ts';
import type { Credential } from '../../functions/core/token/credential.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../functions/core/basics/time.ts';
import { T0, aToken } from './tokens.ts';
import { slotsOf } from './facts.ts';

/** Objects as code makes them, so that deepEqual compares what is in them alone. */
const PLAIN = { noNullPrototype: true } as const;

/**
 * A moment around the time at which tokens are enrolled in tests; whole minutes, so that moments coincide now
 * and then.
 */
export const instants = fc
  .integer({ min: -20 * 24 * 60, max: 120 * 24 * 60 })
  .map((minutes) => T0 + minutes * MINUTE);
/** The same, or not known. */
const maybe = fc.option(instants, { nil: undefined });

export const durationTexts = fc
  .tuple(fc.integer({ min: 0, max: 999_999 }), fc.constantFrom('s', 'm', 'h', 'd'))
  .map(([count, unit]) => `${count}${unit}`);

const lengths = (least: number, most: number): fc.Arbitrary<number> =>
  fc.integer({ min: least, max: most }).map((minutes) => minutes * MINUTE);

const WINDOWS = [
  'mon-fri 09:00-17:00 Europe/Berlin',
  'daily 22:00-04:00 UTC',
  'sat sun 00:00-24:00 America/New_York',
];
const FREEZES = ['2026-01-10..2026-01-12 Europe/Berlin', '2026-03-01T12:00..2026-03-02T08:00 UTC'];

/** A policy that does not contradict itself. */
export const policies: fc.Arbitrary<Policy> = fc
  .record(
    {
      rotationWindows: fc
        .subarray(WINDOWS, { maxLength: 2 })
        .map((texts) => texts.flatMap((text) => parseWindow(text) ?? [])),
      freezes: fc.subarray(FREEZES).map((texts) => texts.flatMap((text) => parseFreeze(text) ?? [])),
      jitter: lengths(0, 120),
      onInactive: fc.constantFrom('notify', 'rotate'),
      onMaxAge: fc.constantFrom('warn', 'page', 'revoke'),
      soakTime: lengths(0, 24 * 60),
      bakeTime: lengths(0, 120),
      healthSignals: fc.subarray(['errors-high', 'p99 slow']),
      baselinePeriod: lengths(0, 14 * 24 * 60),
      sensitivity: fc.constantFrom('off', 'low', 'normal', 'high'),
      containmentDeadline: lengths(1, 60),
      onContainmentDeadline: fc.constantFrom('page', 'revoke'),
      disableWait: lengths(0, 30 * 24 * 60),
      overlap: fc.constantFrom('kept', 'none'),
      rotateEvery: lengths(60, 90 * 24 * 60),
      maxAge: lengths(60, 200 * 24 * 60),
      rotateBeforeExpiry: lengths(0, 40 * 24 * 60),
      warnBefore: fc.array(lengths(1, 60 * 24 * 60), { maxLength: 4 }),
      minGrace: lengths(0, 24 * 60),
      maxGrace: lengths(1, 20 * 24 * 60),
      evidence: fc.constantFrom('last-used', 'consumers', 'all', 'time'),
      unusedFor: lengths(0, 24 * 60),
      cacheTtl: lengths(0, 60),
      onMaxGrace: fc.constantFrom('keep', 'revoke'),
    },
    PLAIN,
  )
  .filter((policy) => contradictionIn(policy) === undefined);

/** A policy as people write it, perhaps contradicting itself. */
export const policyInputs: fc.Arbitrary<PolicyInput> = fc.record(
  {
    rotateEvery: durationTexts,
    maxAge: durationTexts,
    rotateBeforeExpiry: durationTexts,
    warnBefore: fc.array(durationTexts, { maxLength: 4 }),
    minGrace: durationTexts,
    maxGrace: durationTexts,
    evidence: fc.constantFrom('last-used', 'consumers', 'all', 'time'),
    unusedFor: durationTexts,
    cacheTtl: durationTexts,
    onMaxGrace: fc.constantFrom('keep', 'revoke'),
    rotationWindows: fc.subarray(WINDOWS),
    freezes: fc.subarray(FREEZES),
    jitter: durationTexts,
    maxLifetime: durationTexts,
    scopes: fc.subarray(['read_api', 'api']).filter((some) => some.length > 0),
    onInactive: fc.constantFrom('notify', 'rotate'),
    onMaxAge: fc.constantFrom('warn', 'page', 'revoke'),
    rotateAfter: fc.constant('staging/billing/ci'),
    soakTime: durationTexts,
    bakeTime: durationTexts,
    healthSignals: fc.subarray(['errors-high', 'p99 slow']),
    baselinePeriod: durationTexts,
    sensitivity: fc.constantFrom('off', 'low', 'normal', 'high'),
    containmentDeadline: durationTexts,
    onContainmentDeadline: fc.constantFrom('page', 'revoke'),
    disableWait: durationTexts,
    overlap: fc.constantFrom('kept', 'none'),
  },
  { ...PLAIN, requiredKeys: [] },
);

export const providerFacts: fc.Arbitrary<Facts> = fc.record(
  {
    slots: fc.integer({ min: 1, max: 5 }).map((count) => slotsOf(count)),
    lastUsedEvery: fc.constantFrom(10 * MINUTE, DAY),
    lags: fc.constantFrom(0, MINUTE).map((refused) => ({ accepted: 0, refused })),
  },
  { ...PLAIN, requiredKeys: ['slots', 'lags'] },
);

export const LIVE_STATES = ['previous', 'rolling-back', 'revoking'] as const;

const problems = fc.record(
  {
    kind: fc.constantFrom(
      'revocation-blocked',
      'revocation-due',
      'revocation-ineffective',
      'credential-unmanaged',
    ),
    detail: fc.constant('It will not die.'),
  } as const,
  PLAIN,
);

function credential(id: string, states: fc.Arbitrary<Credential['state']>): fc.Arbitrary<Credential> {
  return fc.record(
    {
      id: fc.constant(id),
      versionId: fc.constant(id),
      handle: fc.constant(`handle-of-${id}`),
      origin: fc.constantFrom('minted', 'adopted', 'found'),
      state: states,
      fingerprint: fc.constant(`fingerprint-of-${id}`),
      issuedAt: instants,
      expiresAt: instants,
      promotedAt: instants,
      supersededAt: instants,
      lastUsedAt: instants,
      revokedAt: instants,
      withoutGrace: fc.boolean(),
      lookAt: instants,
      problem: problems,
    },
    { ...PLAIN, requiredKeys: ['id', 'origin', 'state'] },
  );
}

function attempt(id: string, states: fc.Arbitrary<Attempt['state']>): fc.Arbitrary<Attempt> {
  const mint = fc.record(
    {
      at: instants,
      handle: fc.constantFrom(`minted-by-${id}`, `again-by-${id}`),
      fingerprint: fc.constant(`print-${id}`),
      expiresAt: instants,
    },
    { ...PLAIN, requiredKeys: ['at'] },
  );
  return fc
    .record(
      {
        id: fc.constant(id),
        cause: fc.constantFrom('due', 'expiry', 'first', 'operator', 'console', 'retry'),
        state: states,
        openedAt: instants,
        leaseUntil: instants,
        mints: fc.array(mint, { maxLength: 3 }),
        inactive: fc.boolean(),
        endedAt: instants,
        tidy: fc.boolean(),
      } as const,
      { ...PLAIN, requiredKeys: ['id', 'cause', 'state', 'openedAt', 'mints'] },
    )
    .map((made) => ({ ...made, deadline: made.openedAt + 25 * MINUTE }));
}

/** At most one of these is current, as in every record that Keyturn writes. */
const credentials = fc
  .tuple(
    fc.option(credential('current-version', fc.constant('current')), { nil: undefined }),
    ...['a', 'b', 'c'].map((id) =>
      fc.option(credential(`version-${id}`, fc.constantFrom(...LIVE_STATES, 'ended')), { nil: undefined }),
    ),
  )
  .map((some) => some.filter((one) => one !== undefined));

/** At most one of these is under way. */
const attempts = fc
  .tuple(
    ...['a', 'b'].map((id) =>
      fc.option(attempt(`attempt-${id}`, fc.constantFrom('promoted', 'aborted')), { nil: undefined }),
    ),
    fc.option(attempt('attempt-open', fc.constantFrom('open', 'promoting', 'aborting')), { nil: undefined }),
  )
  .map((some) => some.filter((one) => one !== undefined));

const suspects = fc.array(
  fc.record({ handle: fc.constantFrom('stranger-1', 'stranger-2'), seenAt: instants }, PLAIN),
  { maxLength: 2 },
);
const lastErrors = fc.record(
  {
    code: fc.constant('issuer-unreachable'),
    message: fc.constant('The issuer did not answer.'),
    lasting: fc.boolean(),
  },
  PLAIN,
);

/**
 * How an issuer's clock was seen, off by up to a day or in step; whole seconds, so that it stands near the
 * limit now and then.
 */
export const seenClocks = fc
  .record({
    ahead: fc.oneof(fc.integer({ min: -180, max: 180 }), fc.integer({ min: -86_400, max: 86_400 })),
    width: fc.integer({ min: 0, max: 20 }),
    seenAt: instants,
  })
  .map(({ ahead, width, seenAt }) => ({
    host: 'issuer.test',
    least: ahead * SECOND,
    most: (ahead + width) * SECOND,
    seenAt,
  }));

/** Any record that can be read back: most of what it may hold, in combinations that need not make sense. */
export const tokens: fc.Arbitrary<Token> = fc
  .record(
    {
      policy: policies,
      enrolledAt: instants,
      attempts,
      credentials,
      suspects,
      failures: fc.integer({ min: 0, max: 6 }),
      inspectedAt: instants,
      activeAt: instants,
      failedAt: instants,
      lastError: lastErrors,
      refusedSince: instants,
      unusable: fc.constant('The secret has no tag keyturn:owner.'),
      rotateRequestedAt: instants,
      issuerClock: seenClocks,
    },
    { ...PLAIN, requiredKeys: ['policy', 'enrolledAt', 'attempts', 'credentials', 'suspects', 'failures'] },
  )
  .map((change) => aToken(change));

/** Tokens some of which are gone from Secrets Manager. */
export const anyTokens: fc.Arbitrary<Token> = fc
  .tuple(tokens, maybe)
  .map(([token, detachedAt]) => (detachedAt === undefined ? token : { ...token, detachedAt }));

export const credentialMoves = fc.constantFrom(
  ...(Object.keys(CREDENTIAL_MOVES) as (keyof typeof CREDENTIAL_MOVES)[]),
);

/** Lengths of time within which something may or may not happen. */
export const steps = fc.oneof(lengths(0, 60), lengths(0, 40 * 24 * 60), fc.constantFrom(0, HOUR, DAY));
