import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { DeclaredConsumer } from '../../../functions/core/consumers/consumers.ts';
import { contradictionIn } from '../../../functions/core/policy/self-contradictions.ts';
import {
  contradictionWithIssuer,
  overlapMissing,
  policyFrom,
  type PolicyContext,
} from '../../../functions/core/policy/contradictions.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { DEFAULT_POLICY, Policy } from '../../../functions/core/policy/policy.ts';
import { PolicyInput } from '../../../functions/core/policy/policy-input.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { policyInputs } from '../../fakes/arbitraries.ts';

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
    const others = PolicyInput.parse({ rotateEvery: '20d', minGrace: '3h' });
    assert.deepEqual(policyFrom(PolicyInput.parse({ rotateEvery: '7d' }), { others }), {
      ...DEFAULT_POLICY,
      rotateEvery: 7 * DAY,
      minGrace: 3 * HOUR,
    });
  });

  it('with a length of zero where it makes no sense is refused, naming the field', () => {
    for (const field of ['rotateEvery', 'maxAge', 'maxGrace'] as const)
      assert.match(refusal({ [field]: '0d' }), new RegExp(`^${field} `));
    assert.match(refusal({ warnBefore: ['3d', '0s'] }), /^warnBefore /);
  });

  const NIGHT = 'mon-fri 22:00-04:00 UTC';
  const CONTRADICTIONS: readonly [PolicyInput, RegExp][] = [
    [{ minGrace: '8d' }, /^minGrace 8d is longer than maxGrace 7d: shorten/],
    [
      { rotateBeforeExpiry: '20d', maxAge: '20d', rotateEvery: '7d' },
      /^rotateBeforeExpiry 20d is not shorter than maxAge 20d: .* shorten/,
    ],
    [
      { rotateBeforeExpiry: '60d', maxLifetime: '60d' },
      /^rotateBeforeExpiry 60d is not shorter than maxLifetime 60d: .* shorten/,
    ],
    [{ unusedFor: '8d', maxGrace: '7d' }, /^unusedFor 8d is longer than maxGrace 7d: .* shorten unusedFor/],
  ];
  for (const [input, sentence] of CONTRADICTIONS)
    it(`such as ${JSON.stringify(input)} is refused with the reason`, () =>
      assert.match(refusal(input), sentence));

  it('that would contradict itself only by what it leaves to defaults, or not at all, is taken', () => {
    const inputs: readonly PolicyInput[] = [
      // Half its life counts where the default lead time is longer than that.
      { maxAge: '14d', rotateEvery: '7d' },
      { rotationWindows: [NIGHT], maxAge: '16d', rotateEvery: '7d' },
      { rotationWindows: [NIGHT], maxAge: '14d', rotateEvery: '2d' },
      { soakTime: '90d' },
      { bakeTime: '8d' },
      { unusedFor: '8d', maxGrace: '7d', evidence: 'time' },
      { freezes: ['2026-01-01..2026-03-30 UTC'] },
    ];
    for (const input of inputs) assert.doesNotThrow(() => accepted(input), JSON.stringify(input));
  });

  it('that wants consumers to have moved needs one that is declared, whoever wants it', () => {
    for (const evidence of ['consumers', 'all'] as const) {
      const wanted = new RegExp(
        `^evidence ${evidence} wants every declared consumer .* none is declared: declare one ` +
          `.*keyturn:consumer:NAME.* or write last-used or time\\.$`,
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
      refusal({ rotateAfter: 'prod/ci' }, { name: 'prod/ci' }),
      /^rotateAfter names the token itself: name the one/,
    );
    assert.equal(accepted({ rotateAfter: 'staging/ci' }, { name: 'prod/ci' }).rotateAfter, 'staging/ci');
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
    contradictionWithIssuer({ maxLifetime: 40 * DAY }, issuer(false)),
    'maxLifetime 40d cannot be kept, since okta sets no expiry: leave it out; maxAge limits the age of ' +
      'a credential.',
  );
  assert.deepEqual(
    [
      contradictionWithIssuer({ maxLifetime: 40 * DAY }, issuer(true)),
      contradictionWithIssuer({}, issuer(false)),
    ],
    [undefined, undefined],
  );
});

describe('the word for an issuer whose creation ends the value before', () => {
  const expiry = { settable: false, step: 'none' } as const;
  const one = { id: 'auth0', expiry, slots: { names: ['client_secret'], of: ['application'] } } as const;
  const many = { id: 'gitlab', expiry, slots: { count: 'many', of: ['project'] } } as const;

  it('is needed there, in one sentence that begins with the field', () => {
    assert.match(overlapMissing({ overlap: 'kept' }, one) ?? '', /^overlap has to be none at auth0: .*fail/);
    assert.equal(overlapMissing({ overlap: 'none' }, one), undefined);
    assert.equal(overlapMissing({ overlap: 'kept' }, many), undefined);
  });

  it('has no use anywhere else', () => {
    assert.match(refusal({ overlap: 'none' }, { issuer: many }), /^overlap none has no use at gitlab/);
    assert.equal(accepted({ overlap: 'none' }, { issuer: one }).overlap, 'none');
    assert.equal(accepted({}, { issuer: one }).overlap, 'kept');
  });
});
