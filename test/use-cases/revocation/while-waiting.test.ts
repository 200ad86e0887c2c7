import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HOUR } from '../../../functions/core/basics/time.ts';
import type { Ports } from '../../../functions/core/ports/ports.ts';
import { placeOf } from '../../../functions/core/secret-text/value-place.ts';
import { credentialOf } from '../../../functions/core/token/lookups.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { registered } from '../../../functions/use-cases/inventory/registration.ts';
import { whileWaiting } from '../../../functions/use-cases/revocation/while-waiting.ts';
import { HERE, NOW, OLD, Stand, handleOf, valueOf } from './stand.ts';

/** Looks at the old credential while it waits; tells how often its issuer was asked for its list. */
async function looked(stand: Stand) {
  await stand.changeOne(OLD, { reach: HERE, revokedAt: undefined });
  const given = stand.ports();
  const descriptor = DESCRIPTORS.find(({ id }) => id === 'gitlab');
  const issuers = { ...given.issuers, provider: () => ({ descriptor }), clockOf: () => undefined };
  const ports = { ...given, issuers, bus: { publish: async () => undefined } } as unknown as Ports;
  const record = await stand.inventory.load(stand.tokenId);
  assert.ok(record);
  const { deletedAt: _deletedAt, ...secret } = stand.shown();
  assert.ok(descriptor);
  const one = credentialOf(record.token, OLD);
  assert.ok(one);
  let lists = 0;
  const here = stand.session();
  const session = {
    ...here,
    list: () => {
      lists += 1;
      return here.list();
    },
  };
  const work = {
    tokenId: stand.tokenId,
    by: 'keyturn',
    record,
    secret,
    registration: registered(secret, ports),
    place: placeOf(secret.tags, descriptor),
    session,
    open: async () => session,
  };
  const { isInactive } = await whileWaiting(work, one, NOW + HOUR, ports);
  return { isInactive, lists };
}

describe('a credential that waits', () => {
  it('is not asked about by its value where its list shows it as active: a question is a use', async () => {
    const stand = await Stand.create();
    assert.deepEqual(await looked(stand), { isInactive: false, lists: 1 });
    assert.deepEqual(stand.probed, []);
  });

  it('is asked about by its value where its list does not show it, and the list is read once', async () => {
    const stand = await Stand.create();
    stand.accepted.delete(valueOf(OLD));
    stand.listed = stand.listed.filter((one) => one.handle !== handleOf(OLD));
    assert.deepEqual(await looked(stand), { isInactive: false, lists: 1 });
    assert.equal(stand.probed.length, 1);
  });
});
