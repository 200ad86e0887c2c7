import assert from 'node:assert/strict';
import type { Access } from '../../functions/core/detection/access.ts';
import type { Baseline } from '../../functions/core/detection/baseline.ts';
import { judge } from '../../functions/core/detection/judge.ts';
import type { Circumstances, Unusual } from '../../functions/core/detection/anomaly.ts';
import { DEFAULT_POLICY, type Policy } from '../../functions/core/policy/policy.ts';
import { DAY, HOUR } from '../../functions/core/basics/time.ts';
import type { Credential } from '../../functions/core/token/credential.ts';
import { T0, aToken } from '../fakes/tokens.ts';
import { HOME, aRead } from './events.ts';

export const ABOUT: Circumstances = {
  region: HOME.region,
  isRotationFunction: (arn) => arn.endsWith(':function:keyturn-main-rotate-gitlab'),
};
const V1: Credential = {
  id: 'v1',
  versionId: 'v1',
  origin: 'minted',
  state: 'ended',
  promotedAt: T0 - 60 * DAY,
  revocationBegunAt: T0 - 25 * DAY,
};
const V2: Credential = {
  id: 'v2',
  versionId: 'v2',
  origin: 'minted',
  state: 'previous',
  promotedAt: T0 - 30 * DAY,
};
const V3: Credential = { id: 'v3', versionId: 'v3', origin: 'minted', state: 'current', promotedAt: T0 };
/**
 * A token with a retired, an old, a current and a pending version: v1 to v4. Its grace is not over in any
 * test.
 */
export const TOKEN = aToken({
  policy: { ...DEFAULT_POLICY, maxGrace: 365 * DAY },
  credentials: [V1, V2, V3],
  attempts: [{ id: 'v4', cause: 'due', state: 'open', openedAt: T0, deadline: T0 + HOUR, mints: [] }],
});

export function watched(policy: Partial<Policy> = {}): typeof TOKEN {
  return { ...TOKEN, policy: { ...DEFAULT_POLICY, ...policy } };
}

/** What is unusual in accesses, after what was learnt. */
export function found(
  accesses: readonly Access[],
  baseline?: Baseline,
  policy: Partial<Policy> = {},
): readonly Unusual[] {
  return judge(watched(policy), baseline, accesses, ABOUT).unusual;
}

/** Kind, subject and severity of each. */
export function kinds(unusual: readonly Unusual[]): string[] {
  return unusual.map((one) => `${one.kind} ${one.subject} ${one.severity}`.replace('  ', ' '));
}

/** Reads of one principal, an hour apart, for so many days from T0 on. */
export function habit(days: number, change: Partial<Access> = {}): Access[] {
  return Array.from({ length: days * 24 }, (_, hour) => aRead({ at: T0 + hour * HOUR, ...change }));
}

/** What is learnt of accesses in which nothing is unusual. */
export function learnt(...accesses: Access[]): Baseline {
  const { baseline, unusual } = judge(watched(), undefined, accesses, ABOUT);
  assert.deepEqual(unusual, []);
  assert.ok(baseline);
  return baseline;
}

/** A service that read every hour for twenty days, and the time after them. */
export const LEARNT = learnt(...habit(20));
export const NOW = T0 + 20 * DAY;
