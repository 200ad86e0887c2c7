import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HOSTS_OF, confirmedHosts, confirming } from '../../../functions/core/inventory/confirmed-hosts.ts';
import { noPermits, permitting } from '../../../functions/core/revocation/permits.ts';

const SEEN = { by: 'role/anna', at: 1 };

describe('hosts that operators confirmed', () => {
  it('hold for the provider that they were confirmed for, and for no other', () => {
    const permits = confirming(
      confirming(noPermits(HOSTS_OF), { provider: 'gitlab', host: 'git.example.com' }, SEEN),
      { provider: 'gitlab-x', host: 'x.example.com' },
      SEEN,
    );
    assert.deepEqual(confirmedHosts(permits, 'gitlab'), ['git.example.com']);
    assert.deepEqual(confirmedHosts(permits, 'okta'), []);
  });

  it('are noted once, with the first who said so', () => {
    const once = confirming(noPermits(HOSTS_OF), { provider: 'gitlab', host: 'a' }, SEEN);
    assert.equal(confirming(once, { provider: 'gitlab', host: 'a' }, { by: 'role/ben', at: 2 }), once);
  });

  it('are no other permits of the same words', () => {
    const other = permitting(noPermits(HOSTS_OF), { kind: 'forget', about: 'gitlab/a', ...SEEN });
    assert.deepEqual(confirmedHosts(other, 'gitlab'), []);
  });
});
