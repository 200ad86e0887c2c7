import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY } from '../../../functions/core/basics/time.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import {
  INDEX_VERSION,
  indexed,
  unindexed,
} from '../../../functions/use-cases/inventory/credential-index.ts';
import { MemoryInventory } from '../../fakes/memory-inventory.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const ONE: Credential = { id: 'v1', handle: 'h1', fingerprint: '3:f1', origin: 'minted', state: 'current' };
const TWO: Credential = { id: 'v2', handle: 'h2', fingerprint: '3:f2', origin: 'minted', state: 'current' };

function ports() {
  const inventory = new MemoryInventory();
  const written: string[] = [];
  const hold = inventory.hold.bind(inventory);
  inventory.hold = async (provider, handle, entry) => {
    written.push(`${handle} at ${entry.revision}`);
    await hold(provider, handle, entry);
  };
  const trace = inventory.trace.bind(inventory);
  inventory.trace = async (fingerprint: string, tokenId: string, until?: number) => {
    written.push(until === undefined ? fingerprint : `${fingerprint} until ${(until - T0) / DAY}`);
    await trace(fingerprint, tokenId);
  };
  const leads = async (provider: string, handle: string): Promise<number> =>
    (await inventory.holders(provider, handle)).length;
  return { inventory, now: () => T0, leads, written };
}

describe('the index of credentials', () => {
  it('leads from every handle and fingerprint, of mints too, to a record that is new', async () => {
    const it = ports();
    const after = aToken({
      credentials: [ONE],
      attempts: [
        {
          id: 'a',
          cause: 'due',
          state: 'open',
          openedAt: T0,
          deadline: T0,
          mints: [{ at: T0, handle: 'h3', fingerprint: '3:f3' }],
        },
      ],
    });
    assert.equal((await indexed({ before: undefined, after, revision: 1 }, it)).indexed, INDEX_VERSION);
    for (const handle of ['h1', 'h3']) assert.equal(await it.leads('gitlab', handle), 1);
    for (const fingerprint of ['3:f1', '3:f3'])
      assert.deepEqual(await it.inventory.traced(fingerprint), [after.id]);
  });

  it('adds what a change brings, and takes out afterwards what it drops', async () => {
    const it = ports();
    const before = await indexed(
      { before: undefined, after: aToken({ credentials: [ONE] }), revision: 1 },
      it,
    );
    const after = await indexed({ before, after: { ...before, credentials: [TWO] }, revision: 2 }, it);
    assert.deepEqual(
      [await it.leads('gitlab', 'h1'), await it.leads('gitlab', 'h2')],
      [1, 1],
      'before the record is saved both lead to it',
    );
    await unindexed({ before, after, revision: 2 }, it);
    assert.deepEqual([await it.leads('gitlab', 'h1'), await it.leads('gitlab', 'h2')], [0, 1]);
  });

  it('writes what is new, keeps what stays, and remembers a dropped value for 400 days', async () => {
    const it = ports();
    const before = await indexed(
      { before: undefined, after: aToken({ credentials: [ONE] }), revision: 1 },
      it,
    );
    await unindexed({ before: undefined, after: before, revision: 1 }, it);
    assert.deepEqual(it.written.splice(0), ['h1 at 1', '3:f1']);
    const both = await indexed(
      { before, after: { ...before, credentials: [ONE, TWO], readAt: T0 }, revision: 2 },
      it,
    );
    await unindexed({ before, after: both, revision: 2 }, it);
    assert.deepEqual(it.written.splice(0), ['h2 at 2', '3:f2']);
    assert.deepEqual([await it.leads('gitlab', 'h1'), await it.leads('gitlab', 'h2')], [1, 1]);
    const one = await indexed({ before: both, after: { ...both, credentials: [TWO] }, revision: 3 }, it);
    await unindexed({ before: both, after: one, revision: 3 }, it);
    assert.deepEqual(it.written.splice(0), ['3:f1 until 400']);
    assert.deepEqual([await it.leads('gitlab', 'h1'), await it.leads('gitlab', 'h2')], [0, 1]);
  });

  it('does not take out what a later save has put in again', async () => {
    const it = ports();
    const before = await indexed(
      { before: undefined, after: aToken({ credentials: [ONE] }), revision: 1 },
      it,
    );
    const dropped = await indexed({ before, after: { ...before, credentials: [] }, revision: 2 }, it);
    await indexed({ before: dropped, after: { ...dropped, credentials: [ONE] }, revision: 3 }, it);
    await unindexed({ before, after: dropped, revision: 2 }, it);
    assert.equal(await it.leads('gitlab', 'h1'), 1);
  });

  it('moves with the provider of a token', async () => {
    const it = ports();
    const before = await indexed(
      { before: undefined, after: aToken({ credentials: [ONE] }), revision: 1 },
      it,
    );
    const after = await indexed({ before, after: { ...before, provider: 'okta' }, revision: 2 }, it);
    await unindexed({ before, after, revision: 2 }, it);
    assert.deepEqual([await it.leads('gitlab', 'h1'), await it.leads('okta', 'h1')], [0, 1]);
  });

  it('takes a record of another index in as a whole once it is inspected, and not before', async () => {
    const it = ports();
    const before = { ...aToken({ credentials: [ONE] }), indexed: INDEX_VERSION - 1 };
    const touched = await indexed({ before, after: { ...before, failures: 1 }, revision: 2 }, it);
    assert.deepEqual([touched.indexed, await it.leads('gitlab', 'h1')], [INDEX_VERSION - 1, 0]);
    const inspected = await indexed({ before: touched, after: { ...touched, readAt: T0 }, revision: 3 }, it);
    assert.deepEqual([inspected.indexed, await it.leads('gitlab', 'h1')], [INDEX_VERSION, 1]);
  });
});
