import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { noPermits, permitOf, type Permits } from '../../../functions/core/revocation/permits.ts';
import {
  changePermits,
  noteReplaced,
  permit,
  permitAnew,
  spendPermits,
  withdrawPermit,
} from '../../../functions/use-cases/revocation/permits.ts';
import { MemoryInventory } from '../../fakes/memory-inventory.ts';
import { T0 } from '../../fakes/tokens.ts';

const ORDER = { kind: 'forced-revocation', about: 'v1', at: T0, by: 'policy' } as const;

async function kept(inventory: MemoryInventory): Promise<Permits> {
  return (await inventory.loadPermits('t')).permits;
}

/** An inventory in which another function is faster so many times. */
function raced(times: number): { inventory: MemoryInventory; saves: () => number } {
  const inventory = new MemoryInventory();
  const save = inventory.savePermits.bind(inventory);
  let saves = 0;
  inventory.savePermits = async (permits, revision) => {
    if (++saves <= times)
      await save(
        { ...permits, permits: [{ kind: 'revoke', about: `other-${saves}`, at: T0, by: 'ana' }] },
        revision,
      );
    return save(permits, revision);
  };
  return { inventory, saves: () => saves };
}

describe('what lets credentials end', () => {
  it('is written down once, dated anew when it is said anew, and taken back', async () => {
    const inventory = new MemoryInventory();
    assert.deepEqual(
      await permit('t', [ORDER, { ...ORDER, about: 'v2' }], { inventory }),
      await kept(inventory),
    );
    await permit('t', [{ ...ORDER, at: T0 + 1 }], { inventory });
    assert.equal(permitOf(await kept(inventory), 'forced-revocation', 'v1')?.at, T0);
    await permitAnew('t', [{ ...ORDER, at: T0 + 1 }], { inventory });
    assert.equal(permitOf(await kept(inventory), 'forced-revocation', 'v1')?.at, T0 + 1);
    await withdrawPermit('t', 'forced-revocation', 'v1', { inventory });
    assert.deepEqual(
      (await kept(inventory)).permits.map((one) => one.about),
      ['v2'],
    );
  });

  it('is over with the credential, and so is that it was seen replaced', async () => {
    const inventory = new MemoryInventory();
    await permit('t', [ORDER], { inventory });
    await noteReplaced('t', { current: 'v2', old: [{ id: 'v1' }], at: T0 }, { inventory });
    assert.deepEqual((await kept(inventory)).replaced, [{ about: 'v1', at: T0 }]);
    await spendPermits('t', 'v1', { inventory });
    assert.deepEqual(await kept(inventory), { ...noPermits('t'), replaced: [] });
  });

  it('is not saved where nothing changes', async () => {
    const { inventory, saves } = raced(0);
    assert.deepEqual(await withdrawPermit('t', 'forced-revocation', 'v1', { inventory }), noPermits('t'));
    assert.equal(saves(), 0);
  });

  it('is read again where another function was faster, so that neither loses a word', async () => {
    const { inventory, saves } = raced(7);
    await permit('t', [ORDER], { inventory });
    assert.equal(saves(), 8);
    assert.ok(
      permitOf(await kept(inventory), 'forced-revocation', 'v1') &&
        permitOf(await kept(inventory), 'revoke', 'other-7'),
    );
  });

  it('fails where others are faster eight times, and at once for any other reason', async () => {
    await assert.rejects(permit('t', [ORDER], raced(8)), { code: 'conflict' });
    for (const error of [new KeyturnError('aws-failed', 'No.'), new TypeError('a fault')]) {
      const inventory = new MemoryInventory();
      let saves = 0;
      inventory.savePermits = async () => {
        saves++;
        throw error;
      };
      await assert.rejects(
        changePermits('t', { inventory }, (record) => ({ ...record })),
        error,
      );
      assert.equal(saves, 1);
    }
  });
});
