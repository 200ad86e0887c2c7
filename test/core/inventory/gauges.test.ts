import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Gauges } from '../../../functions/core/inventory/gauges.ts';
import { GAUGES, type Gauge } from '../../../functions/core/inventory/metric-names.ts';
import { DEFAULT_POLICY } from '../../../functions/core/policy/policy.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { DAY } from '../../../functions/core/basics/time.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const CURRENT = {
  id: 'v',
  versionId: 'v',
  handle: 'h',
  origin: 'minted',
  state: 'current',
  issuedAt: T0,
  promotedAt: T0,
  expiresAt: T0 + 60 * DAY,
} as const;

function gaugesOf(tokens: readonly Partial<Token>[], at: number): ReadonlyMap<Gauge, number> | undefined {
  const gauges = new Gauges();
  for (const [index, token] of tokens.entries())
    gauges.look(aToken({ id: `t${index}`, credentials: [CURRENT], ...token }), at);
  return gauges.all().get('gitlab');
}

describe('gauges', () => {
  it('tell age and lifespan as means, in days', () => {
    const values = gaugesOf([{}, { credentials: [{ ...CURRENT, issuedAt: T0 - 10 * DAY }] }], T0 + 10 * DAY);
    assert.deepEqual(
      [values?.get('Tokens'), values?.get('CredentialAgeDays'), values?.get('CredentialLifetimeDays')],
      [2, 15, 65],
    );
  });

  it('count what expires, what is overdue, and what is not in use', () => {
    const count = (gauge: Gauge, token: Partial<Token>, at: number): number | undefined =>
      gaugesOf([token], at)?.get(gauge);
    assert.deepEqual(
      [count('TokensExpiring', {}, T0 + 29 * DAY), count('TokensExpiring', {}, T0 + 30 * DAY)],
      [0, 1],
    );
    assert.deepEqual(
      [count('TokensOverdue', {}, T0 + 29 * DAY), count('TokensOverdue', {}, T0 + 31 * DAY)],
      [0, 1],
    );
    const used = { since: T0, last: T0 + 5 * DAY };
    assert.deepEqual(
      [
        count('TokensUnused', { use: used }, T0 + 94 * DAY),
        count('TokensUnused', { use: used }, T0 + 95 * DAY),
        count('TokensUnused', {}, T0 + 400 * DAY),
      ],
      [0, 1, 0],
    );
  });

  it('tell the share with no more than approved scopes, of those where both are known', () => {
    const policy = { ...DEFAULT_POLICY, scopes: ['read_api'] };
    const values = gaugesOf(
      [
        { scopes: ['read_api'], policy },
        { scopes: ['read_api', 'api'], policy },
        { scopes: ['api'] },
        { policy },
      ],
      T0,
    );
    assert.equal(values?.get('LeastPrivilegePercent'), 50);
    assert.equal(gaugesOf([{}], T0)?.has('LeastPrivilegePercent'), false);
    const reviews = [
      { at: T0, request: 1, by: 'ann', decision: 'approved', scopes: ['read_api', 'api'] },
    ] as const;
    assert.equal(
      gaugesOf(
        [
          { scopes: ['read_api', 'api'], policy, reviews },
          { scopes: ['admin'], reviews },
        ],
        T0,
      )?.get('LeastPrivilegePercent'),
      50,
      'what a person approved is approved',
    );
  });

  it('count open findings by severity, and consumers that do not have the current value', () => {
    const finding = {
      kind: 'token-expiring',
      subject: '',
      severity: 'critical',
      state: 'open',
      detail: '',
      openedAt: T0,
      seenAt: T0,
      sequence: 1,
    } as const;
    const values = gaugesOf(
      [
        {
          findings: [
            finding,
            { ...finding, subject: 'x', severity: 'warning' },
            { ...finding, subject: 'y', state: 'resolved' },
          ],
        },
      ],
      T0,
    );
    assert.deepEqual(
      [values?.get('FindingsCritical'), values?.get('FindingsWarning'), values?.get('ConsumersPending')],
      [1, 1, 0],
    );
    const consumers = [
      { name: 'app', kind: 'ecs', target: 'prod/app' },
      { name: 'worker', kind: 'role', target: 'worker' },
    ] as const;
    const old = {
      ...CURRENT,
      id: 'old',
      versionId: 'old',
      state: 'previous',
      supersededAt: T0,
      pendingConsumers: [
        { who: 'worker', why: 'x', since: T0 },
        { who: 'issuer', why: 'x', since: T0 },
        { who: 'app', why: 'x', since: T0 },
      ],
    } as const;
    const behind = (token: Partial<Token>): number | undefined =>
      gaugesOf([{ consumers, ...token }], T0)?.get('ConsumersPending');
    assert.deepEqual(
      [
        behind({}),
        behind({ credentials: [CURRENT, old] }),
        behind({ credentials: [CURRENT, { ...old, pendingConsumers: undefined }] }),
      ],
      [0, 2, 1],
      'an adopted value its consumers have',
    );
  });

  it('are kept by provider, and leave out tokens that were let go', () => {
    const gauges = new Gauges();
    for (const token of [
      aToken(),
      aToken({ provider: 'okta' }),
      aToken({ provider: 'okta' }),
      aToken({ provider: 'npm-registry', detachedAt: T0 }),
    ])
      gauges.look(token, T0);
    assert.deepEqual(
      [...gauges.all()].map(([provider, values]) => [provider, values.get('Tokens')]),
      [
        ['gitlab', 1],
        ['okta', 2],
      ],
    );
    for (const values of gauges.all().values())
      for (const gauge of values.keys()) assert.ok(GAUGES.includes(gauge));
  });
});
