import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BUNDLE_CASES } from './bundle-cases.ts';
import { describeBundle, runBundles } from './bundles.ts';

test('tokens survive a fixed sample of faults in the bundles that would be deployed, against a real registry and simulators', async () => {
  const results = await runBundles(BUNDLE_CASES);
  assert.deepEqual(results.filter(({ violations }) => violations.length > 0).map(describeBundle), []);
  assert.equal(results.length, BUNDLE_CASES.length);
});
