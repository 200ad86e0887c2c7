import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { DEFAULT_POLICY, Policy, PolicyInput, contradictionIn, policyFrom } from '../../functions/core/policy.ts';
import { DAY, HOUR } from '../../functions/core/time.ts';
import { KeyturnError } from '../../functions/core/errors.ts';
import { policies, policyInputs } from '../fakes/arbitraries.ts';

function refusal(input: PolicyInput): string {
  try {
    policyFrom(PolicyInput.parse(input));
  } catch (error) {
    assert.ok(error instanceof KeyturnError, String(error));
    assert.equal(error.code, 'bad-request');
    return error.message;
  }
  return assert.fail(`accepted ${JSON.stringify(input)}`);
}

describe('policies', () => {
  it('are the defaults where nothing is said, and the defaults do not contradict themselves', () => {
    assert.deepEqual(policyFrom({}), DEFAULT_POLICY);
    assert.equal(contradictionIn(DEFAULT_POLICY), undefined);
  });

  it('take what is said over the default, field by field', () => {
    assert.deepEqual(policyFrom(PolicyInput.parse({ rotateEvery: '7d', graceLeast: '4h' })), { ...DEFAULT_POLICY, rotateEvery: 7 * DAY, graceLeast: 4 * HOUR });
  });

  it('refuse a field that does not exist and text that is no duration, naming both', () => {
    assert.throws(() => PolicyInput.parse({ rotateEvry: '7d' }), /rotateEvry/);
    const wrong = PolicyInput.safeParse({ rotateEvery: 'weekly' });
    assert.deepEqual(wrong.error?.issues.map(({ path, message }) => [path, message]), [[['rotateEvery'], '"weekly" is not a duration like 30d, 12h or 15m']]);
  });

  const CONTRADICTIONS: readonly [PolicyInput, readonly string[]][] = [
    [{ rotateEvery: '91d' }, ['rotateEvery 91d', 'maxAge 90d']],
    [{ graceLeast: '8d' }, ['graceLeast 8d', 'graceMost 7d']],
    [{ cache: '8d' }, ['cache 8d', 'graceMost 7d']],
    [{ rotateEvery: '2h' }, ['graceLeast 2h', 'rotateEvery 2h']],
  ];
  for (const [input, parts] of CONTRADICTIONS)
    it(`refuse ${JSON.stringify(input)} with the reason`, () => {
      const message = refusal(input);
      for (const part of parts) assert.ok(message.includes(part), message);
    });

  it('refuse a length of zero where it makes no sense, naming the field', () => {
    for (const field of ['rotateEvery', 'maxAge', 'graceMost'] as const) assert.match(refusal({ [field]: '0d' }), new RegExp(field));
    assert.match(refusal({ warnBefore: ['3d', '0s'] }), /warnBefore/);
  });

  it('are either whole and free of contradictions, or refused in a sentence', () => {
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

  it('survive storage', () => {
    fc.assert(fc.property(policies, (policy) => assert.deepEqual(Policy.parse(JSON.parse(JSON.stringify(policy))), policy)));
  });
});
