import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AlertLedger } from '../../functions/core/ports/alert-ledger.ts';
import type { Waiting } from '../../functions/core/alerts/notices.ts';
import { T0, aFinding } from '../fakes/tokens.ts';

/** What every ledger of alerts has to do. `make` gives a fresh, empty one. */
export function alertLedgerContract(name: string, make: () => Promise<AlertLedger>): void {
  describe(`alert ledger contract: ${name}`, () => {
    it('knows nothing at first', async () => {
      const ledger = await make();
      assert.equal(await ledger.told('keyturn/a/token-expiring'), 0);
    });

    it('remembers the highest step of each finding, in whatever order they are told', async () => {
      const ledger = await make();
      await ledger.tell('keyturn/a/token-expiring', 2, T0);
      await ledger.tell('keyturn/a/token-expiring', 1, T0);
      await ledger.tell('keyturn/b/token-expiring', 7, T0);
      assert.equal(await ledger.told('keyturn/a/token-expiring'), 2);
      await ledger.tell('keyturn/a/token-expiring', 3, T0);
      assert.equal(await ledger.told('keyturn/a/token-expiring'), 3);
      assert.equal(await ledger.told('keyturn/b/token-expiring'), 7);
    });

    const entry: Waiting = {
      key: 'keyturn/a/token-expiring',
      dueAt: T0,
      first: { sequence: 1, change: 'opened' },
      finding: aFinding({ outlook: { at: T0, becomes: 'critical' } }),
      steps: 0,
    };
    const later: Waiting = { ...entry, finding: aFinding({ change: 'resolved', sequence: 2 }) };

    it('keeps what waits in its list, until it is taken out', async () => {
      const ledger = await make();
      assert.deepEqual(await ledger.allWaiting('digest'), { entries: [], damaged: [] });
      assert.equal(await ledger.waiting('digest', entry.key), undefined);
      assert.equal(await ledger.wait('digest', entry, undefined), true);
      assert.equal(
        await ledger.wait('digest', { ...entry, key: 'keyturn/b/token-expiring' }, undefined),
        true,
      );
      assert.deepEqual(await ledger.waiting('digest', entry.key), entry);
      assert.deepEqual((await ledger.allWaiting('digest')).entries.map(({ key }) => key).sort(), [
        entry.key,
        'keyturn/b/token-expiring',
      ]);
      assert.deepEqual(await ledger.allWaiting('reminder'), { entries: [], damaged: [] });
      await ledger.unwait('digest', entry);
      assert.equal(await ledger.waiting('digest', entry.key), undefined);
      await ledger.unwait('digest', entry);
    });

    it('changes an entry only from what was read', async () => {
      const ledger = await make();
      await ledger.wait('digest', entry, undefined);
      assert.equal(await ledger.wait('digest', later, undefined), false, 'it is there by now');
      assert.equal(await ledger.wait('digest', later, entry), true);
      assert.equal(await ledger.wait('digest', { ...entry, steps: 1 }, entry), false, 'it is another by now');
      await ledger.unwait('digest', entry);
      assert.deepEqual(await ledger.waiting('digest', entry.key), later);
      await ledger.unwait('digest', later);
      assert.equal(await ledger.wait('digest', later, later), false, 'it is gone by now');
    });
  });
}
