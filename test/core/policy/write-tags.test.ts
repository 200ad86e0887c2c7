import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { DeclaredConsumer } from '../../../functions/core/consumers/consumers.ts';
import { policyFrom } from '../../../functions/core/policy/contradictions.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import type { Policy } from '../../../functions/core/policy/policy.ts';
import { PolicyInput, policyText } from '../../../functions/core/policy/policy-input.ts';
import { TAGS } from '../../../functions/core/policy/tags.ts';
import { registrationOf } from '../../../functions/core/policy/read-tags.ts';
import { tagsOfConsumers, tagsOfPolicy } from '../../../functions/core/policy/write-tags.ts';
import { policies, policyInputs } from '../../fakes/arbitraries.ts';

const NAMED: readonly [string, string][] = [
  [TAGS.installation, 'main'],
  [TAGS.issuer, 'gitlab'],
  [TAGS.owner, 'team-billing'],
];

const CONSUMERS: readonly DeclaredConsumer[] = [
  { name: 'api', kind: 'ecs', target: 'prod/api' },
  { name: 'team', kind: 'ack', target: 'team-billing' },
];

/** The policy, or that it is rejected. */
function outcome(make: () => Policy): unknown {
  try {
    return make();
  } catch (error) {
    assert.ok(error instanceof KeyturnError, String(error));
    return 'refused';
  }
}

describe('the tags of a policy', () => {
  it('say the very policy they were made from', () => {
    fc.assert(
      fc.property(
        fc.oneof(policyInputs, policies.map(policyText)),
        fc.subarray([...CONSUMERS]),
        (input, consumers) => {
          const registration = registrationOf(
            new Map([...NAMED, ...tagsOfPolicy(input), ...tagsOfConsumers(consumers)]),
            'prod/app',
          );
          const isTaken = registration.problems?.length === 0;
          assert.deepEqual(
            isTaken ? registration.policy : 'refused',
            outcome(() => policyFrom(PolicyInput.parse(input), { name: 'prod/app', consumers })),
          );
        },
      ),
    );
  });

  it('say nothing of what was not stated', () => {
    const tagOf = (field: string): string =>
      String(Object.entries(TAGS).find(([name]) => name === field)?.[1]);
    fc.assert(
      fc.property(policyInputs, (input) =>
        assert.deepEqual(
          tagsOfPolicy(input)
            .map(([tag]) => tag)
            .toSorted(),
          Object.keys(input).map(tagOf).toSorted(),
        ),
      ),
    );
  });
});
