import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Fact } from '../../functions/core/events.ts';
import { noting, unnoted } from '../../functions/core/noted.ts';
import { HOUR } from '../../functions/core/time.ts';
import { changeEstate, tendEstate, type EstatePorts } from '../../functions/use-cases/estate.ts';
import { MemoryInventory } from '../fakes/memory-inventory.ts';
import { T0 } from '../fakes/tokens.ts';

const SEEN = { kind: 'unmanaged', severity: 'warning', detail: 'Nobody looks after 3 secrets.' } as const;

function world() {
  const state = { now: T0, told: [] as Fact[], isBusDown: false, saves: 0 };
  const inventory = new MemoryInventory();
  const save = inventory.saveEstate.bind(inventory);
  inventory.saveEstate = (estate, revision) => {
    state.saves++;
    return save(estate, revision);
  };
  const publish = async (facts: readonly Fact[]): Promise<void> => {
    if (state.isBusDown) throw new Error('down');
    state.told.push(...facts);
  };
  const ports: EstatePorts = {
    installation: { account: '111122223333', region: 'eu-central-1', name: 'main' },
    inventory,
    bus: { publish },
    descriptor: () => undefined,
    now: () => state.now,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  };
  return { ports, state, inventory };
}

describe('the record of an installation', () => {
  it('opens and resolves findings about no token, and tells of each once', async () => {
    const { ports, state } = world();
    await changeEstate(ports, (estate) => noting(estate, SEEN, { now: T0 }));
    await changeEstate(ports, (estate) => noting(estate, SEEN, { now: T0 }));
    await changeEstate(ports, (estate) => unnoted(estate, 'unmanaged'));
    assert.deepEqual(
      state.told.map((fact) => fact.type === 'finding' && [fact.change, fact.kind, fact.tokenId, fact.name]),
      [
        ['opened', 'unmanaged', 'installation', 'Keyturn main'],
        ['resolved', 'unmanaged', 'installation', 'Keyturn main'],
      ],
    );
  });

  it('writes nothing when nothing changed', async () => {
    const { ports, state } = world();
    await tendEstate(ports);
    assert.equal(state.saves, 0);
    await changeEstate(ports, (estate) => noting(estate, SEEN, { now: T0 }));
    const { saves } = state;
    state.now += HOUR;
    await tendEstate(ports);
    assert.equal(state.saves, saves);
  });

  it('keeps what the bus did not take, and tells it later', async () => {
    const { ports, state, inventory } = world();
    state.isBusDown = true;
    await changeEstate(ports, (estate) => noting(estate, SEEN, { now: T0 }));
    assert.equal((await inventory.loadEstate()).estate.outbox.length, 1);
    state.isBusDown = false;
    await tendEstate(ports);
    assert.equal(state.told.length, 1);
    assert.equal((await inventory.loadEstate()).estate.outbox.length, 0);
  });

  it('forgets by itself what is over', async () => {
    const { ports, state } = world();
    await changeEstate(ports, (estate) => noting(estate, SEEN, { now: T0, until: T0 + HOUR }));
    state.now += HOUR;
    await tendEstate(ports);
    assert.deepEqual(
      state.told.map((fact) => fact.type === 'finding' && fact.change),
      ['opened', 'resolved'],
    );
  });

  it('bears two at once', async () => {
    const { ports, inventory } = world();
    await Promise.all(
      ['a', 'b', 'c'].map((subject) =>
        changeEstate(ports, (estate) => noting(estate, { ...SEEN, subject }, { now: T0 })),
      ),
    );
    assert.deepEqual((await inventory.loadEstate()).estate.noted.map((one) => one.subject).sort(), [
      'a',
      'b',
      'c',
    ]);
  });
});
