import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BUNDLE_CASES } from './bundle-cases.ts';
import { describeBundle, runBundles } from './bundles.ts';

/** A part of the sample; `npm run faults` runs all of it. */
const CASES = BUNDLE_CASES.filter(({ moment }) => moment === 'mint' || moment === 'revoke').filter(
  (_, index) => index % 2 === 0,
);

test(
  'tokens survive faults at a mint and a revoke in the bundles that would be deployed, against a real ' +
    'registry and simulators',
  async () => {
    const results = await runBundles(CASES);
    assert.deepEqual(results.filter(({ violations }) => violations.length > 0).map(describeBundle), []);
    assert.ok(
      new Set(CASES.map(({ provider, stage }) => `${provider} ${stage}`)).size === 4,
      'a provider is missing in the part',
    );
    assert.equal(results.length, CASES.length);
  },
);
