import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Fact } from '../../../functions/core/findings/events.ts';
import { noting, unnoted } from '../../../functions/core/findings/reported-findings.ts';
import { HOUR } from '../../../functions/core/basics/time.ts';
import {
  changeInstallationRecord,
  type InstallationRecordPorts,
} from '../../../functions/use-cases/inventory/installation.ts';
import { MemoryInventory } from '../../fakes/memory-inventory.ts';
import { T0 } from '../../fakes/tokens.ts';

const SEEN = {
  kind: 'credential-unmanaged',
  severity: 'warning',
  detail: '3 secrets are not registered.',
} as const;

function world() {
  const state = { now: T0, told: [] as Fact[], isBusDown: false, saves: 0 };
  const inventory = new MemoryInventory();
  const save = inventory.saveInstallationRecord.bind(inventory);
  inventory.saveInstallationRecord = (installationRecord, revision) => {
    state.saves++;
    return save(installationRecord, revision);
  };
  const publish = async (facts: readonly Fact[]): Promise<void> => {
    if (state.isBusDown) throw new Error('down');
    state.told.push(...facts);
  };
  const ports: InstallationRecordPorts = {
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
  it('opens and resolves findings about no token, and reports each once', async () => {
    const { ports, state } = world();
    await changeInstallationRecord(ports, (installationRecord) =>
      noting(installationRecord, SEEN, { now: T0 }),
    );
    await changeInstallationRecord(ports, (installationRecord) =>
      noting(installationRecord, SEEN, { now: T0 }),
    );
    await changeInstallationRecord(ports, (installationRecord) =>
      unnoted(installationRecord, 'credential-unmanaged'),
    );
    assert.deepEqual(
      state.told.map((fact) => fact.type === 'finding' && [fact.change, fact.kind, fact.tokenId, fact.name]),
      [
        ['opened', 'credential-unmanaged', 'installation', 'Keyturn main'],
        ['resolved', 'credential-unmanaged', 'installation', 'Keyturn main'],
      ],
    );
  });

  it('writes nothing when nothing changed', async () => {
    const { ports, state } = world();
    await changeInstallationRecord(ports, (same) => same);
    assert.equal(state.saves, 0);
    await changeInstallationRecord(ports, (installationRecord) =>
      noting(installationRecord, SEEN, { now: T0 }),
    );
    const { saves } = state;
    state.now += HOUR;
    await changeInstallationRecord(ports, (same) => same);
    assert.equal(state.saves, saves);
  });

  it('keeps what the bus did not take, and tells it later', async () => {
    const { ports, state, inventory } = world();
    state.isBusDown = true;
    await changeInstallationRecord(ports, (installationRecord) =>
      noting(installationRecord, SEEN, { now: T0 }),
    );
    assert.equal((await inventory.loadInstallationRecord()).installationRecord.outbox.length, 1);
    state.isBusDown = false;
    await changeInstallationRecord(ports, (same) => same);
    assert.equal(state.told.length, 1);
    assert.equal((await inventory.loadInstallationRecord()).installationRecord.outbox.length, 0);
  });

  it('forgets by itself what is over', async () => {
    const { ports, state } = world();
    await changeInstallationRecord(ports, (installationRecord) =>
      noting(installationRecord, SEEN, { now: T0, until: T0 + HOUR }),
    );
    state.now += HOUR;
    await changeInstallationRecord(ports, (same) => same);
    assert.deepEqual(
      state.told.map((fact) => fact.type === 'finding' && fact.change),
      ['opened', 'resolved'],
    );
  });

  it('bears two at once', async () => {
    const { ports, inventory } = world();
    await Promise.all(
      ['a', 'b', 'c'].map((subject) =>
        changeInstallationRecord(ports, (installationRecord) =>
          noting(installationRecord, { ...SEEN, subject }, { now: T0 }),
        ),
      ),
    );
    assert.deepEqual(
      (await inventory.loadInstallationRecord()).installationRecord.noted.map((one) => one.subject).sort(),
      ['a', 'b', 'c'],
    );
  });
});
