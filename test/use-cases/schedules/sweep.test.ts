import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { INSPECT_EVERY } from '../../../functions/core/policy/timing.ts';
import { DEFAULT_POLICY } from '../../../functions/core/policy/policy.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';
import { SweepWorld, type Sort } from '../inventory/sweep-world.ts';

const QUICK = 20 * SECOND;

const sorts: fc.Arbitrary<Sort> = fc.record(
  {
    provider: fc.constantFrom('gitlab', 'okta'),
    admin: fc.constantFrom('keyturn/admin/gitlab/eu'),
    takes: fc.constantFrom(5 * SECOND, QUICK, 4 * MINUTE),
  },
  { noNullPrototype: true, requiredKeys: ['provider'] },
);
const due = fc.array(fc.tuple(sorts, fc.integer({ min: 1, max: 600 })), { minLength: 1, maxLength: 50 });
const limits = fc.record({ inAll: fc.integer({ min: 2, max: 12 }), each: fc.integer({ min: 2, max: 8 }) });

describe('starting rotations', () => {
  it(
    'whatever is due: never more than five a second, never more under way than there is room for, and ' +
      'none is left out',
    async () => {
      await fc.assert(
        fc.asyncProperty(due, limits, async (tokens, { inAll, each }) => {
          const world = new SweepWorld({ inAll, perIssuer: () => each });
          for (const [index, [sort, minutes]] of tokens.entries())
            await world.due(`t${index}-abcdef`, sort, minutes * MINUTE);
          // One that never ends holds its place until its deadline, for at most two sweeps; half of the
          // places are for those that did not fail before.
          await world.sweepUntilNothingWaits(8 + 4 * tokens.length);
          assert.ok(world.burst() <= 5, `${world.burst()} in a second`);
          for (const [issuer, count] of world.most)
            assert.ok(count <= (issuer === '' ? inAll : each), `${count} at ${issuer}`);
          const started = new Set(world.starts.map((one) => one.tokenId));
          assert.equal(started.size, tokens.length);
        }),
        { numRuns: 25 },
      );
    },
  );

  it('an issuer that is full delays no other', async () => {
    const world = new SweepWorld();
    for (let index = 0; index < 300; index++)
      await world.due(`hot-${index}-abcdef`, { provider: 'gitlab', takes: 10 * HOUR }, HOUR);
    for (let index = 0; index < 5; index++)
      await world.due(`calm-${index}-abcdef`, { provider: 'okta', takes: QUICK }, MINUTE);
    await world.sweep();
    const calm = world.starts.filter((one) => one.tokenId.startsWith('calm'));
    assert.equal(calm.length, 5);
    const begun = world.starts[0]?.at ?? 0;
    assert.ok(
      calm.every((one) => one.at - begun < 4 * SECOND),
      'they were started among the first',
    );
    assert.equal(world.starts.length, 25, 'and no more than twenty of the other');
  });

  it('goes on as room is made, and ends first what ends first', async () => {
    const world = new SweepWorld({ inAll: 10, perIssuer: () => 4 });
    for (let index = 0; index < 40; index++)
      await world.due(`t${index}-abcdef`, { provider: 'gitlab', takes: 10 * SECOND }, (index + 1) * MINUTE);
    const report = await world.sweep();
    assert.equal(report?.started, 40);
    assert.deepEqual(
      world.starts.map((one) => one.tokenId),
      Array.from({ length: 40 }, (_, index) => `t${39 - index}-abcdef`),
    );
  });

  it('gives up when no room is made for a minute, and leaves the rest as it is', async () => {
    const world = new SweepWorld({ inAll: 3, perIssuer: () => 3 });
    for (let index = 0; index < 5; index++) await world.due(`t${index}-abcdef`, { provider: 'gitlab' });
    const before = await Promise.all(
      [0, 1, 2, 3, 4].map((index) => world.inventory.load(`t${index}-abcdef`)),
    );
    const running = world.begin();
    await world.clock.advanceBy(70 * SECOND);
    const report = await running;
    assert.deepEqual(
      { started: report?.started, waiting: report?.waiting, complete: report?.complete },
      { started: 3, waiting: 2, complete: true },
    );
    const after = await Promise.all([0, 1, 2, 3, 4].map((index) => world.inventory.load(`t${index}-abcdef`)));
    assert.equal(
      after.filter((one, index) => one?.revision === before[index]?.revision).length,
      2,
      'no record of one that waits is written',
    );
  });

  it('those that fail again and again take half of the room, and the others their turn', async () => {
    const world = new SweepWorld({ inAll: 10, perIssuer: () => 4 });
    const failing = { failures: 1, failedAt: world.clock.now() - DAY };
    for (let index = 0; index < 30; index++)
      await world.due(`bad-${index}-abcdef`, { provider: 'gitlab', change: failing }, DAY);
    for (let index = 0; index < 30; index++)
      await world.due(`good-${index}-abcdef`, { provider: 'gitlab', takes: 5 * SECOND }, MINUTE);
    await world.sweep();
    const started = world.starts.map((one) => one.tokenId.split('-')[0]);
    assert.equal(started.filter((one) => one === 'good').length, 30);
    assert.equal(started.filter((one) => one === 'bad').length, 2);
  });

  it(
    'counts what others started, and what a stopped sweep did, by the records alone, and until their ' +
      'deadline',
    async () => {
      const world = new SweepWorld({ inAll: 10, perIssuer: () => 3 });
      for (let index = 0; index < 6; index++) await world.due(`t${index}-abcdef`, { provider: 'gitlab' });
      let saves = 0;
      // The third attempt is on record, and nothing more of this sweep happens: neither the call nor the end
      // of its turn.
      world.onSave = async (id) => (++saves > 6 ? world.clock.sleep(DAY) : world.inventory.load(id));
      void world.begin();
      await world.clock.advanceBy(6 * MINUTE);
      world.onSave = undefined;
      assert.equal(world.starts.length, 3);
      await world.sweep();
      assert.equal(world.starts.length, 3, 'there is no room');
      await world.clock.advanceBy(20 * MINUTE);
      await world.settleOverdue();
      await world.sweep();
      assert.equal(world.starts.length, 6);
      assert.equal(world.most.get('gitlab'), 3);
    },
  );
});

describe('two sweeps at once', () => {
  it('do the work of one', async () => {
    const world = new SweepWorld();
    for (let index = 0; index < 30; index++)
      await world.due(`t${index}-abcdef`, {
        provider: 'gitlab',
        takes: QUICK,
        change: index % 2 === 0 ? { inspectedAt: undefined } : {},
      });
    const first = world.begin();
    await world.clock.advanceBy(2 * SECOND);
    assert.equal(await world.begin(), undefined);
    await world.clock.advanceBy(5 * MINUTE);
    assert.equal((await first)?.started, 30);
    assert.equal(world.starts.length, 30);
    assert.equal(world.sent.flatMap((one) => one.commands).length, 15);
    assert.ok(world.burst() <= 5);
    assert.notEqual(await world.sweep(), undefined, 'the turn was given back');
  });

  it('one right after the other keep their distance', async () => {
    const world = new SweepWorld({ inAll: 100, perIssuer: () => 100 });
    for (let index = 0; index < 3; index++)
      await world.due(`t${index}-abcdef`, { provider: 'gitlab', takes: SECOND });
    for (let round = 0; round < 4; round++) {
      const running = world.begin();
      await world.clock.advanceBy(600);
      await running;
      for (let index = 0; index < 3; index++)
        await world.due(`r${round}-${index}-abcdef`, { provider: 'gitlab', takes: SECOND });
    }
    assert.equal(world.starts.length, 12);
    assert.ok(world.burst() <= 5, `${world.burst()} in a second`);
  });

  it('wait for one that stopped no longer than it could have run', async () => {
    const world = new SweepWorld();
    await world.due('t-abcdef', { provider: 'gitlab', takes: QUICK });
    await world.inventory.acquireLease('sweep', {
      owner: 'stopped',
      now: world.clock.now(),
      until: world.clock.now() + 5 * MINUTE,
    });
    assert.equal(await world.sweep(), undefined);
    assert.equal((await world.sweep())?.started, 1);
  });
});

describe('handing out', () => {
  it('looks at all that is due, however much, in full batches', async () => {
    const world = new SweepWorld();
    for (let index = 0; index < 1_234; index++)
      await world.due(`t${index}-abcdef`, {
        provider: index % 3 === 0 ? 'okta' : 'gitlab',
        change: { inspectedAt: undefined, rotateRequestedAt: undefined, unusable: 'why' },
      });
    const report = await world.sweep();
    assert.deepEqual(
      { looked: report?.looked, commands: report?.commands, complete: report?.complete },
      { looked: 1_234, commands: 1_234, complete: true },
    );
    assert.equal(world.sent.length, Math.ceil(412 / 10) + Math.ceil(822 / 10));
    assert.ok(world.sent.every((one) => one.commands.length <= 10));
    assert.equal((await world.sweep())?.looked, 0);
  });

  it('goes past unreadable records, however many there are and however early they are due', async () => {
    const world = new SweepWorld();
    for (let index = 0; index < 700; index++) {
      const id = `bad-${index}-abcdef`;
      await world.due(id, {
        provider: 'gitlab',
        change: { inspectedAt: undefined, unusable: 'why', enrolledAt: world.clock.now() - 90 * DAY },
      });
      world.damaged.add(id);
    }
    await world.due('good-abcdef', { provider: 'gitlab', change: { inspectedAt: undefined } });
    const report = await world.sweep();
    assert.deepEqual({ looked: report?.looked, failed: report?.failed }, { looked: 1, failed: 700 });
    assert.deepEqual(
      world.sent.flatMap((one) => one.commands.map((command) => command.tokenId)),
      ['good-abcdef'],
    );
  });

  it('stops before its time is over, and the next one goes on where it stopped', async () => {
    const world = new SweepWorld();
    for (let index = 0; index < 100; index++)
      await world.due(`t${index}-abcdef`, {
        provider: 'gitlab',
        change: { inspectedAt: undefined, unusable: 'why' },
      });
    world.onSave = () => world.clock.sleep(SECOND);
    const cut = await world.sweep(35 * SECOND);
    assert.ok(cut && cut.looked > 0 && cut.looked < 100 && !cut.complete);
    assert.equal(cut.commands, cut.looked, 'also the last batch, though it is not full');
    const rest = await world.sweep();
    assert.deepEqual(
      { looked: rest?.looked, complete: rest?.complete },
      { looked: 100 - cut.looked, complete: true },
    );
    assert.equal(
      new Set(world.sent.flatMap((one) => one.commands.map((command) => command.tokenId))).size,
      100,
    );
  });

  it(
    'spreads inspections, so that an issuer gets no more a minute than it bears and all else finds the ' +
      'queue short',
    async () => {
      const world = new SweepWorld();
      world.inspectionsPerMinute = 60;
      for (let index = 0; index < 500; index++)
        await world.due(`t${index}-abcdef`, {
          provider: 'gitlab',
          change: { inspectedAt: undefined, unusable: 'why' },
        });
      const old = {
        id: 'v',
        versionId: 'v',
        handle: 'h',
        origin: 'minted',
        state: 'previous',
        supersededAt: T0 - 30 * DAY,
      } as const;
      await world.due('grace-abcdef', {
        provider: 'gitlab',
        change: { credentials: [old], unusable: 'why' },
      });
      await world.sweep();
      const inspections = world.sent.flatMap((one) =>
        one.commands
          .filter((command) => command.kind === 'inspect')
          .map((command) => ({ ...command, at: one.at })),
      );
      assert.equal(inspections.length, 500);
      const minutes = Map.groupBy(inspections, ({ at }) => Math.floor((at - T0) / MINUTE));
      for (const [minute, some] of minutes)
        assert.ok(some.length <= 70, `${some.length} in minute ${minute}`);
      assert.ok(
        inspections.every((one) => one.notAfter >= one.at + 10 * MINUTE),
        'each has its time from when it is delivered',
      );
      assert.equal(
        world.sent.find((one) => one.commands.some((command) => command.kind === 'retire'))?.at,
        T0,
      );
      const last = inspections.at(-1);
      assert.ok(
        last && ((await world.token(last.tokenId)).dueAt ?? 0) > last.at,
        'none is sent again before it came',
      );
    },
  );

  it(
    'inspects more tokens than an issuer bears within the interval one after the other: none is left ' +
      'out, none comes more often',
    async () => {
      const world = new SweepWorld();
      world.inspects = true;
      world.inspectionsPerMinute = 1;
      const count = 400;
      const line = count * MINUTE;
      for (let index = 0; index < count; index++)
        await world.due(`t${index}-abcdef`, {
          provider: 'gitlab',
          change: { policy: { ...DEFAULT_POLICY, rotateEvery: 80 * DAY } },
        });
      await world.due('other-abcdef', {
        provider: 'okta',
        change: { policy: { ...DEFAULT_POLICY, rotateEvery: 80 * DAY } },
      });
      for (let time = 0; time < 2.5 * line; time += 15 * MINUTE) {
        const begun = world.clock.now();
        await world.sweep(2 * MINUTE);
        await world.clock.advanceTo(begun + 15 * MINUTE);
      }
      const times = Map.groupBy(
        world.sent.flatMap(({ provider, commands, at }) =>
          commands.map(({ tokenId }) => ({ provider, tokenId, at })),
        ),
        ({ tokenId }) => tokenId,
      );
      assert.equal(times.size, count + 1);
      const gaps = [...times.values()].flatMap((all) =>
        all.map(({ provider, at }, index) => ({ provider, gap: at - (all[index - 1]?.at ?? T0) })),
      );
      assert.ok(
        gaps.every(({ provider, gap }) => gap <= (provider === 'okta' ? INSPECT_EVERY : line) + 30 * MINUTE),
        'no token waits longer than for the whole line',
      );
      const gitlab = world.sent.filter(({ provider }) => provider === 'gitlab');
      const hours = Map.groupBy(gitlab, ({ at }) => Math.floor((at - T0) / HOUR));
      for (const [hour, some] of hours)
        assert.ok(some.flatMap(({ commands }) => commands).length <= 80, `hour ${hour}`);
    },
  );
});
