import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DiscoverySettings } from '../../../functions/core/inventory/discovery-settings.ts';
import { DAY } from '../../../functions/core/basics/time.ts';

describe('the settings of discovery', () => {
  it('may be left out: every owner is known, and nothing is reviewed again', () =>
    assert.deepEqual(DiscoverySettings.parse({}), {
      owners: [],
      unusedAfter: 90 * DAY,
      prefixes: [],
      ignore: [],
      trail: false,
    }));

  it('take no field that does not exist, and no length of zero', () => {
    for (const wrong of [{ owner: [] }, { unusedAfter: 0 }, { reviewEvery: 0 }])
      assert.equal(DiscoverySettings.safeParse(wrong).success, false, JSON.stringify(wrong));
  });
});
