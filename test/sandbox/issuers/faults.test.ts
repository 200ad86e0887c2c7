import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ISSUER_FAULTS, IssuerFaults } from '../../../lib/sandbox/issuers/faults.ts';
import { SANDBOX_FAULTS } from '../../../lib/cli/sandbox/control.ts';

test('a fault is answered in place of its issuer alone, until it is ended', () => {
  const faults = new IssuerFaults();
  assert.equal(faults.answer('gitlab'), undefined);
  faults.set('gitlab', 'unavailable');
  assert.equal(faults.answer('gitlab')?.status, 503);
  assert.equal(faults.answer('okta'), undefined);
  faults.set('gitlab', 'throttled');
  assert.deepEqual(
    [faults.answer('gitlab')?.status, faults.answer('gitlab')?.headers.get('retry-after')],
    [429, '60'],
  );
  faults.set('gitlab', 'none');
  assert.equal(faults.answer('gitlab'), undefined);
});

test('the command and the sandbox know the same faults', () =>
  assert.deepEqual(SANDBOX_FAULTS, ISSUER_FAULTS));
