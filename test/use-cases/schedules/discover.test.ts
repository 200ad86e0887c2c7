import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DiscoverySettings } from '../../../functions/core/inventory/discovery-settings.ts';
import { MINUTE } from '../../../functions/core/basics/time.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { discover, type DiscoverReport } from '../../../functions/use-cases/schedules/discover.ts';
import type { DiscoverPorts } from '../../../functions/use-cases/schedules/discover-ports.ts';
import { MemoryInventory } from '../../fakes/memory-inventory.ts';
import { recordingLog } from '../../fakes/recorders.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const SETTINGS = DiscoverySettings.parse({ reviewEvery: 1 });

class World {
  readonly inventory = new MemoryInventory();
  /** The most records that were read and not yet looked over. */
  ahead = 0;
  #runs = 0;
  #reading = 0;

  async put(count: number, change: (index: number) => Partial<Token>): Promise<void> {
    for (let index = 0; index < count; index++)
      await this.inventory.save(
        aToken({ id: `t${index}`, name: `t${index}`, enrolledAt: T0 - MINUTE, ...change(index) }),
        0,
      );
  }

  ports(minutes: number): DiscoverPorts {
    const { inventory } = this;
    let spent = 0;
    return {
      inventory: Object.assign(Object.create(inventory), {
        ...Object.fromEntries(
          [
            'loadInstallationRecord',
            'saveInstallationRecord',
            'acquireLease',
            'renewLease',
            'appendHistory',
            'readers',
          ].map((name) => [name, Reflect.get(inventory, name).bind(inventory)]),
        ),
        all: (after?: string) => inventory.all(after),
        load: (id: string) => inventory.load(id),
        save: async (token: Token, revision: number) => {
          this.ahead = Math.max(this.ahead, ++this.#reading);
          spent += MINUTE / 10;
          await new Promise((resolve) => void setImmediate(resolve));
          this.#reading--;
          return inventory.save(token, revision);
        },
      }),
      bus: { publish: async () => undefined },
      installation: { account: '111122223333', region: 'eu-west-1', name: 'main' },
      descriptor: (id) => DESCRIPTORS.find((one) => one.id === id),
      log: recordingLog(),
      now: () => T0,
      timeLeft: () => minutes * MINUTE - spent,
      uuid: () => `run-${this.#runs++}`,
      survey: { listed: async function* () {} },
    };
  }

  async run(minutes = 1_000): Promise<DiscoverReport> {
    const report = await discover(SETTINGS, this.ports(minutes));
    assert.ok(report);
    return report;
  }

  async said(kind: string): Promise<string[]> {
    const names: string[] = [];
    for await (const { token } of this.inventory.all())
      if (token.noted.some((one) => one.kind === kind)) names.push(token.name);
    return names.sort();
  }
}

describe('discovery of many tokens', () => {
  it('looks at a few at a time, and reports of each what the whole inventory says of it', async () => {
    const world = new World();
    await world.put(100, (index) => ({
      owner: 'unknown',
      credentials: [{ id: 'v', handle: `h${index % 99}`, origin: 'minted', state: 'current' }],
    }));
    assert.deepEqual(await world.run(), {
      tokens: 100,
      changed: 100,
      failed: 0,
      unmanaged: 0,
      complete: true,
    });
    assert.ok(world.ahead <= 8, `${world.ahead} at once`);
    assert.deepEqual(await world.said('credential-duplicated'), ['t0', 't99'], 'the first and the last one');
    assert.match(
      (await world.inventory.loadInstallationRecord()).installationRecord.findings[0]?.detail ?? '',
      /^100 tokens have to be reviewed again, such as t0:/,
    );
  });

  it('goes on in the next run where it had no more time, and then goes round', async () => {
    const world = new World();
    await world.put(100, () => ({ owner: 'unknown' }));
    const cut = await world.run(5);
    assert.ok(!cut.complete && cut.changed > 0 && cut.changed < 100, `${cut.changed}`);
    assert.match(
      (await world.inventory.loadInstallationRecord()).installationRecord.findings[0]?.detail ?? '',
      /^100 tokens/,
      'the inventory is compared as a whole all the same',
    );
    const rest = await world.run(20);
    assert.deepEqual(
      { changed: rest.changed, tokens: rest.tokens, complete: rest.complete },
      { changed: 100 - cut.changed, tokens: 100, complete: true },
    );
    assert.equal((await world.said('owner-missing')).length, 100);
    assert.equal((await world.run()).changed, 0);
  });

  it('runs once at a time', async () => {
    const world = new World();
    await world.inventory.acquireLease('discover', { owner: 'other', now: T0, until: T0 + MINUTE });
    assert.equal(await discover(SETTINGS, world.ports(5)), undefined);
  });
});
