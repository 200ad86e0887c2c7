import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sameReach, type Reach } from '../../../functions/core/issuer/provider.ts';

it('two reaches are the same place only when all of them is the same', () => {
  const reach: Reach = { host: 'git.acme.com', basePath: '/gitlab', account: 'projects/42', clientId: 'c' };
  const { clientId: _clientId, ...without } = reach;
  assert.ok(sameReach(reach, JSON.parse(JSON.stringify(reach))));
  assert.ok(sameReach(without, { ...without }));
  for (const other of [
    without,
    { ...reach, host: 'git.acme.com:8443' },
    { ...reach, basePath: '' },
    { ...reach, account: 'projects/4' },
    { ...reach, clientId: 'd' },
  ]) {
    assert.ok(!sameReach(reach, other));
    assert.ok(!sameReach(other, reach));
  }
});
