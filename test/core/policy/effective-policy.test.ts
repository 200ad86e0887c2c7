import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { policyFrom, whyUnkept } from '../../../functions/core/policy/contradictions.ts';
import { keptPolicy } from '../../../functions/core/policy/effective-policy.ts';
import { DEFAULT_POLICY, type Policy } from '../../../functions/core/policy/policy.ts';
import { PolicyInput } from '../../../functions/core/policy/policy-input.ts';
import { TAGS } from '../../../functions/core/policy/tags.ts';
import { registrationOf, type RegistrationContext } from '../../../functions/core/policy/read-tags.ts';
import { tagsOfPolicy } from '../../../functions/core/policy/write-tags.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { policyInputs } from '../../fakes/arbitraries.ts';

const GITLAB = { id: 'gitlab', expiry: { settable: true, step: 'day', maxDays: 365 } } as const;
const NAMED: readonly [string, string][] = [
  [TAGS.installation, 'main'],
  [TAGS.issuer, 'gitlab'],
  [TAGS.owner, 'team-billing'],
];

describe('a policy that cannot be kept', () => {
  const LAST = policyFrom({ rotateEvery: 20 * DAY, onMaxAge: 'revoke' });
  const inForce = (tags: readonly (readonly [string, string])[], about: RegistrationContext = {}): Policy =>
    registrationOf(new Map([...NAMED, ...tags]), 'prod/app', {}, about).policy;

  for (const wrong of [
    [[TAGS.rotateEvery, 'often']],
    [[TAGS.rotateEvery, '91d']],
    [
      [TAGS.maxAge, '1d'],
      [TAGS.rotateEvery, '12h'],
    ],
    [[TAGS.rotateAfter, 'prod/app']],
  ] as const)
    it(`with ${JSON.stringify(wrong)} leaves the last one in force as it was`, () =>
      assert.deepEqual(inForce([...wrong, [TAGS.minGrace, '5h']], { last: LAST, issuer: GITLAB }), LAST));

  it(
    'is replaced by the default with those fields that can be kept, where the last one cannot be kept ' +
      'either, or there is none',
    () => {
      const wrong = [
        [TAGS.rotateEvery, '91d'],
        [TAGS.minGrace, '5h'],
        [TAGS.unusedFor, 'soon'],
      ] as const;
      const pieced = { ...DEFAULT_POLICY, minGrace: 5 * HOUR };
      assert.deepEqual(inForce(wrong), pieced);
      const unkept = { ...DEFAULT_POLICY, rotateEvery: 12 * HOUR, maxAge: DAY };
      assert.deepEqual(inForce(wrong, { last: unkept, issuer: GITLAB }), pieced);
      assert.deepEqual(
        inForce(
          [
            [TAGS.maxAge, '2d'],
            [TAGS.rotateEvery, '20d'],
          ],
          { issuer: GITLAB },
        ),
        { ...DEFAULT_POLICY, rotateEvery: 20 * DAY },
      );
    },
  );

  it('lets nothing be revoked by its words while it is not in force', () => {
    const deadly = [
      [TAGS.onMaxAge, 'revoke'],
      [TAGS.onMaxGrace, 'revoke'],
      [TAGS.onContainmentDeadline, 'revoke'],
    ] as const;
    const { onMaxAge, onMaxGrace, onContainmentDeadline } = inForce(deadly);
    assert.deepEqual([onMaxAge, onMaxGrace, onContainmentDeadline], ['revoke', 'revoke', 'revoke']);
    assert.deepEqual(inForce([...deadly, [TAGS.maxAge, '365 d']]), DEFAULT_POLICY);
    assert.deepEqual(inForce([...deadly, [TAGS.rotateEvery, '91d']]), DEFAULT_POLICY);
  });

  it('holds old credentials by the evidence that it asks for, though none can be given', () => {
    assert.equal(inForce([[TAGS.evidence, 'consumers']]).evidence, 'consumers');
  });

  it('whatever tags say, is replaced by one that can be kept at the issuer', () => {
    fc.assert(
      fc.property(policyInputs, (input) => {
        const policy = inForce(tagsOfPolicy({ ...input, evidence: 'time' }), { issuer: GITLAB });
        assert.equal(whyUnkept(policy, { issuer: GITLAB }), undefined);
      }),
    );
  });
});

it(
  'what an installation sets for others is kept as far as it can be, and says nothing where everything ' +
    'can',
  () => {
    const others = PolicyInput.parse({ minGrace: '5h', unusedFor: '1h' });
    const stated = PolicyInput.parse({ rotateEvery: '91d', cacheTtl: '1m' });
    const { policy, fault } = keptPolicy(stated, { others }, { isWhole: true });
    assert.deepEqual(policy, { ...DEFAULT_POLICY, minGrace: 5 * HOUR, unusedFor: HOUR, cacheTtl: 60_000 });
    assert.match(fault ?? '', /^rotateEvery 91d is longer than maxAge 90d/);
    assert.deepEqual(keptPolicy({}, { others }, { isWhole: true, last: DEFAULT_POLICY }), {
      policy: policyFrom({}, { others }),
    });
  },
);
