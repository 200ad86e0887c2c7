import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { DeclaredConsumer } from '../../functions/core/delivery/consumers.ts';
import {
  contradictionIn,
  contradictionWithIssuer,
  policyFrom,
  type PolicyContext,
} from '../../functions/core/contradictions.ts';
import { KeyturnError } from '../../functions/core/errors.ts';
import { DEFAULT_POLICY, Policy, PolicyInput } from '../../functions/core/policy.ts';
import { DAY, HOUR } from '../../functions/core/time.ts';
import { policyInputs } from '../fakes/arbitraries.ts';

const CI: DeclaredConsumer = { name: 'ci', kind: 'ack', target: 'team-billing' };

function refusal(input: PolicyInput, about: PolicyContext = {}): string {
  try {
    policyFrom(PolicyInput.parse(input), about);
  } catch (error) {
    assert.ok(error instanceof KeyturnError, String(error));
    assert.equal(error.code, 'bad-request');
    return error.message;
  }
  return assert.fail(`accepted ${JSON.stringify(input)}`);
}

function accepted(input: PolicyInput, about: PolicyContext = {}): Policy {
  return policyFrom(PolicyInput.parse(input), about);
}

describe('a policy', () => {
  it('is the default where nothing is said, and the default does not contradict itself', () => {
    assert.deepEqual(policyFrom({}), DEFAULT_POLICY);
    assert.equal(contradictionIn(DEFAULT_POLICY), undefined);
  });

  it('takes what is said over what holds for others, and that over the default, field by field', () => {
    const others = PolicyInput.parse({ rotateEvery: '20d', graceLeast: '3h' });
    assert.deepEqual(policyFrom(PolicyInput.parse({ rotateEvery: '7d' }), { others }), {
      ...DEFAULT_POLICY,
      rotateEvery: 7 * DAY,
      graceLeast: 3 * HOUR,
    });
  });

  it('with a length of zero where it makes no sense is refused, naming the field', () => {
    for (const field of ['rotateEvery', 'maxAge', 'graceMost'] as const)
      assert.match(refusal({ [field]: '0d' }), new RegExp(`^${field} `));
    assert.match(refusal({ warnBefore: ['3d', '0s'] }), /^warnBefore /);
  });

  const NIGHT = 'mon-fri 22:00-04:00 UTC';
  const CONTRADICTIONS: readonly [PolicyInput, RegExp][] = [
    [{ rotateEvery: '91d' }, /^rotateEvery 91d is longer than maxAge 90d: shorten/],
    [{ rotateEvery: '59m' }, /^rotateEvery 59m is shorter than 1h: write 1h or more/],
    [{ jitter: '30d' }, /^jitter 30d is not shorter than rotateEvery 30d: .* shorten jitter/],
    [{ mostLife: '30d' }, /^mostLife 30d is not longer than rotateEvery 30d: .* raise mostLife/],
    [{ mostLife: '91d' }, /^mostLife 91d is longer than maxAge 90d: shorten/],
    [{ after: 'staging/ci', soak: '90d' }, /^soak 90d is not shorter than maxAge 90d: .* shorten soak/],
    [{ graceLeast: '8d' }, /^graceLeast 8d is longer than graceMost 7d: shorten/],
    [{ cache: '8d' }, /^cache 8d is longer than graceMost 7d: .* raise graceMost/],
    [{ rotateEvery: '2h' }, /^graceLeast 2h is not shorter than rotateEvery 2h: .* shorten graceLeast/],
    [{ health: ['errors-high'], watch: '8d' }, /^watch 8d is longer than graceMost 7d: .* shorten watch/],
    [
      { windows: [NIGHT], freezes: ['2026-01-01..2026-05-01 UTC'] },
      /^windows and freezes leave no time to rotate within maxAge 90d: widen/,
    ],
    [
      { freezes: ['2026-01-01..2026-03-31 UTC'] },
      /^windows and freezes leave no time to rotate within maxAge 90d/,
    ],
    [
      { windows: ['sun 02:00-03:00 UTC'], maxAge: '5d', rotateEvery: '2d', rotateBeforeExpiry: '1d' },
      /^windows and freezes leave no time to rotate within maxAge 5d/,
    ],
    [
      { windows: [NIGHT], maxAge: '14d', rotateEvery: '7d' },
      /^rotateBeforeExpiry 14d is not shorter than maxAge 14d: no rotation could ever wait .* shorten rotateBeforeExpiry/,
    ],
    [
      { rotateBeforeExpiry: '20d', maxAge: '20d', rotateEvery: '7d' },
      /^rotateBeforeExpiry 20d is not shorter than maxAge 20d: .* shorten/,
    ],
    [
      { rotateBeforeExpiry: '60d', mostLife: '60d' },
      /^rotateBeforeExpiry 60d is not shorter than mostLife 60d: .* shorten/,
    ],
    [{ quiet: '8d', graceMost: '7d' }, /^quiet 8d is longer than graceMost 7d: .* shorten quiet/],
  ];
  for (const [input, sentence] of CONTRADICTIONS)
    it(`such as ${JSON.stringify(input)} is refused with the reason`, () =>
      assert.match(refusal(input), sentence));

  it('that would contradict itself only by what it leaves to defaults, or not at all, is taken', () => {
    const inputs: readonly PolicyInput[] = [
      // Half its life counts where the default lead time is longer than that.
      { maxAge: '14d', rotateEvery: '7d' },
      { windows: [NIGHT], maxAge: '16d', rotateEvery: '7d' },
      { windows: [NIGHT], maxAge: '14d', rotateEvery: '2d' },
      { soak: '90d' },
      { watch: '8d' },
      { quiet: '8d', graceMost: '7d', evidence: 'time' },
      { freezes: ['2026-01-01..2026-03-30 UTC'] },
    ];
    for (const input of inputs) assert.doesNotThrow(() => accepted(input), JSON.stringify(input));
  });

  it('that wants consumers to have moved needs one that is declared, whoever wants it', () => {
    for (const evidence of ['consumers', 'all'] as const) {
      const wanted = new RegExp(
        `^evidence ${evidence} wants every declared consumer .* none is declared: declare one .*keyturn:consumer:NAME.* or write last-used or time\\.$`,
      );
      assert.match(refusal({ evidence }, { consumers: [] }), wanted);
      assert.match(refusal({}, { others: { evidence }, consumers: [] }), wanted);
      assert.equal(accepted({ evidence }, { consumers: [CI] }).evidence, evidence);
      assert.equal(accepted({ evidence: 'time' }, { others: { evidence }, consumers: [] }).evidence, 'time');
    }
    for (const evidence of ['last-used', 'time'] as const)
      assert.equal(accepted({ evidence }, { consumers: [] }).evidence, evidence);
  });

  it('that lets a token follow itself is refused', () => {
    assert.match(
      refusal({ after: 'prod/ci' }, { name: 'prod/ci' }),
      /^after names the token itself: name the one/,
    );
    assert.equal(accepted({ after: 'staging/ci' }, { name: 'prod/ci' }).after, 'staging/ci');
  });

  it('is either whole and free of contradictions, or refused in a sentence', () => {
    fc.assert(
      fc.property(policyInputs, (input) => {
        try {
          const policy = policyFrom(PolicyInput.parse(input));
          assert.deepEqual(Policy.parse(policy), policy);
          assert.equal(contradictionIn(policy), undefined);
        } catch (error) {
          assert.ok(error instanceof KeyturnError, String(error));
          assert.match(error.message, /^[^\n]{10,300}\.$/);
        }
      }),
    );
  });
});

it('what an issuer cannot do is not wanted of it, and not held against one that can', () => {
  const issuer = (settable: boolean) => ({ id: 'okta', expiry: { settable, step: 'none' as const } });
  assert.equal(
    contradictionWithIssuer({ mostLife: 40 * DAY }, issuer(false)),
    'mostLife 40d cannot be kept, since okta lets nobody set an expiry: leave it out; maxAge says how long a credential lives.',
  );
  assert.deepEqual(
    [
      contradictionWithIssuer({ mostLife: 40 * DAY }, issuer(true)),
      contradictionWithIssuer({}, issuer(false)),
    ],
    [undefined, undefined],
  );
});
