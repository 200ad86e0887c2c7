import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AlertLedger } from '../../functions/core/ports.ts';
import { T0 } from '../fakes/tokens.ts';

/** What every ledger of alerts has to do. `make` gives a fresh, empty one. */
export function alertLedgerContract(name: string, make: () => Promise<AlertLedger>): void {
  describe(`alert ledger contract: ${name}`, () => {
    it('knows nothing at first', async () => {
      const ledger = await make();
      assert.equal(await ledger.told('keyturn/a/expiring'), 0);
    });

    it('remembers the highest step of each finding, in whatever order they are told', async () => {
      const ledger = await make();
      await ledger.tell('keyturn/a/expiring', 2, T0);
      await ledger.tell('keyturn/a/expiring', 1, T0);
      await ledger.tell('keyturn/b/expiring', 7, T0);
      assert.equal(await ledger.told('keyturn/a/expiring'), 2);
      await ledger.tell('keyturn/a/expiring', 3, T0);
      assert.equal(await ledger.told('keyturn/a/expiring'), 3);
      assert.equal(await ledger.told('keyturn/b/expiring'), 7);
    });
  });
}
