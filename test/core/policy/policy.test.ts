import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { Policy, PolicyDefaults, PolicyInput, defaultsFor } from '../../../functions/core/policy/policy.ts';
import { DAY } from '../../../functions/core/basics/time.ts';
import { policies } from '../../fakes/arbitraries.ts';

describe('policies', () => {
  it('refuse a field that does not exist and text that is no duration, naming both', () => {
    assert.throws(() => PolicyInput.parse({ rotateEvry: '7d' }), /rotateEvry/);
    const wrong = PolicyInput.safeParse({ rotateEvery: 'weekly' });
    assert.deepEqual(
      wrong.error?.issues.map(({ path, message }) => [path, message]),
      [[['rotateEvery'], '"weekly" is not a duration like 30d, 12h or 15m']],
    );
  });

  it('of an environment win over those of an issuer, and these over those of all', () => {
    const defaults = PolicyDefaults.parse({
      all: { rotateEvery: '9d', maxAge: '90d', cacheTtl: '9m' },
      issuers: { gitlab: { rotateEvery: '8d', maxAge: '80d' } },
      environments: { dev: { rotateEvery: '7d' } },
    });
    const lives = (issuer: string, environment: string) => {
      const { rotateEvery = 0, maxAge = 0 } = defaultsFor({ issuer, environment }, defaults);
      return [rotateEvery / DAY, maxAge / DAY];
    };
    assert.deepEqual(
      [
        lives('gitlab', 'dev'),
        lives('gitlab', 'production'),
        lives('okta', 'dev'),
        lives('okta', 'production'),
      ],
      [
        [7, 80],
        [8, 80],
        [7, 90],
        [9, 90],
      ],
    );
  });

  it('survive storage', () => {
    fc.assert(
      fc.property(policies, (policy) =>
        assert.deepEqual(Policy.parse(JSON.parse(JSON.stringify(policy))), policy),
      ),
    );
  });
});
