import { alertLedgerContract } from '../contracts/alert-ledger.ts';
import { inventoryContract } from '../contracts/inventory.ts';
import { MemoryInventory } from './memory-inventory.ts';

inventoryContract('memory', async () => {
  const inventory = new MemoryInventory();
  return {
    inventory,
    restoreElsewhere: async () => inventory.backup()(),
    empty: async () => inventory.lose(),
  };
});

alertLedgerContract('memory', async () => new MemoryInventory());
