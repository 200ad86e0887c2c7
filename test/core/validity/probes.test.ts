import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isOwnUse, withProbe } from '../../../functions/core/validity/probes.ts';
import { HOUR, MINUTE, SECOND } from '../../../functions/core/basics/time.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { T0 } from '../../fakes/tokens.ts';

const ONE: Credential = { id: 'v1', origin: 'minted', state: 'current' };

describe('questions of our own', () => {
  it('are kept with the credential, the latest ones, and those of one minute as one', () => {
    const once = withProbe(ONE, T0);
    assert.deepEqual(once.probes, [T0]);
    assert.equal(withProbe(once, T0), once);
    assert.equal(withProbe(once, T0 + 59 * SECOND), once);
    assert.deepEqual(withProbe(once, T0 + MINUTE).probes, [T0, T0 + MINUTE]);
    assert.deepEqual(
      withProbe(once, T0 - HOUR).probes,
      [T0, T0 - HOUR],
      'a clock that was set back hides none',
    );
    const many = Array.from({ length: 40 }, (_, index) => T0 + index * HOUR).reduce(withProbe, ONE);
    assert.deepEqual([many.probes?.length, many.probes?.at(-1)], [12, T0 + 39 * HOUR]);
  });

  it('are told from uses of others as finely as the issuer tells uses', () => {
    const probes = [T0, T0 + 6 * HOUR];
    for (const at of [T0, T0 - 9 * MINUTE, T0 + 19 * MINUTE, T0 + 6 * HOUR])
      assert.ok(isOwnUse(at, probes, 10 * MINUTE), String(at - T0));
    for (const at of [T0 - 10 * MINUTE, T0 + 20 * MINUTE, T0 + 3 * HOUR])
      assert.ok(!isOwnUse(at, probes, 10 * MINUTE), String(at - T0));
    assert.ok(!isOwnUse(T0, [], HOUR));
  });
});
