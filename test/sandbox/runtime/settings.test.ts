import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SIMULATORS } from '../../../lib/sandbox/issuers/simulators.ts';
import { SANDBOX_SETTINGS } from '../../../lib/sandbox/runtime/settings.ts';

test('the sandbox deploys every issuer that it can run', () => {
  assert.deepEqual(Object.keys(SANDBOX_SETTINGS.issuers).sort(), [...SIMULATORS.keys()].sort());
});
