import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { tokenIdOf } from '../../../functions/core/basics/names.ts';
import { TAGS } from '../../../functions/core/policy/tags.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../functions/core/basics/time.ts';
import { INDEX_VERSION } from '../../../functions/use-cases/inventory/credential-index.ts';
import { create } from '../../../functions/use-cases/inventory/store.ts';
import { CURRENT, Few, arnOf } from './few-secrets.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

describe('a pass', () => {
  it('is on record once it went through every secret and compared each record', async () => {
    const few = await Few.create();
    await few.known('a');
    await few.run();
    assert.deepEqual(few.passes, [{ index: INDEX_VERSION, startedAt: T0 }]);
    few.now += 30 * MINUTE;
    assert.equal(await few.run(), undefined);
    assert.equal(few.passes.length, 1, 'and is noted once');
    assert.equal(few.completed, 0, 'there is no rebuild to end');
  });

  it('is not on record before its last page, however good the first ones were', async () => {
    const few = await Few.create();
    few.pageSize = 1;
    few.timeLeft = 0;
    for (const name of ['a', 'b', 'c']) await few.known(name);
    for (let run = 1; run < 3; run++) {
      assert.equal((await few.run())?.ended, false);
      assert.equal(few.passes.length, 0);
    }
    assert.equal((await few.run())?.ended, true);
    assert.deepEqual([few.passes.length, few.listed], [1, [0, 1, 2]]);
  });

  it('begins anew where it cannot be gone on with, and goes on where a later page failed', async () => {
    const few = await Few.create();
    few.pageSize = 1;
    few.timeLeft = 0;
    for (const name of ['a', 'b', 'c']) await few.known(name);
    await few.run();
    few.onPage = () => {
      throw new KeyturnError('aws-failed', 'InvalidNextTokenException');
    };
    await assert.rejects(few.run());
    few.timeLeft = 5 * MINUTE;
    few.onPage = (at) => {
      if (at === 2) throw new KeyturnError('aws-failed', 'Not now.');
    };
    await assert.rejects(few.run());
    few.onPage = () => undefined;
    assert.equal((await few.run())?.registered, 3);
    assert.deepEqual(few.listed, [0, 0, 1, 2]);
  });

  it('that was gone on with goes on once more from where a page failed', async () => {
    const few = await Few.create();
    few.pageSize = 1;
    few.timeLeft = 0;
    for (const name of ['a', 'b', 'c']) await few.known(name);
    await few.run();
    few.timeLeft = 5 * MINUTE;
    few.onPage = (at) => {
      if (at === 2) throw new KeyturnError('aws-failed', 'Not now.');
    };
    await assert.rejects(few.run());
    few.onPage = () => undefined;
    assert.equal((await few.run())?.registered, 3);
    assert.deepEqual(few.listed, [0, 1, 2]);
  });

  it('that cannot begin forgets nothing of the last one', async () => {
    const few = await Few.create();
    few.secrets.set(arnOf('a'), new KeyturnError('aws-failed', 'Not now.'));
    await few.run();
    few.now += HOUR;
    few.onPage = () => {
      throw new KeyturnError('aws-failed', 'Not now.');
    };
    await assert.rejects(few.run());
    few.onPage = () => undefined;
    few.now = T0 + DAY;
    await few.run();
    assert.deepEqual(
      few.passes.map((one) => one.startedAt),
      [T0],
      'a day has gone by since it was missed first',
    );
  });

  it('is not while a secret that differs was not inspected since it began', async () => {
    for (const field of ['readAt', 'inspectedAt'] as const) {
      const few = await Few.create();
      await few.known('a');
      const arn = await few.known('b', { readAt: T0 - HOUR, inspectedAt: T0 - HOUR, unusable: 'It is not.' });
      await few.run();
      few.now += 15 * MINUTE;
      await few.run();
      assert.equal(few.passes.length, 0);
      await few.record(arn, { [field]: T0 - 1 });
      await few.run();
      assert.equal(few.passes.length, 0);
      await few.record(arn, { [field]: T0 });
      await few.run();
      assert.deepEqual(few.passes, [{ index: INDEX_VERSION, startedAt: T0 }]);
    }
  });

  it('is not while one could not be looked at, or had to wait', async () => {
    for (const make of [
      (few: Few) => few.secrets.set(arnOf('a'), new KeyturnError('aws-failed', 'Not now.')),
      (few: Few) => void (few.perMinute = 0.01),
    ]) {
      const few = await Few.create();
      few.secret('a');
      few.secret('b');
      make(few);
      await few.run();
      assert.equal(few.passes.length, 0);
    }
  });

  it('is all the same once a day has gone by in which each pass asked for it', async () => {
    const few = await Few.create();
    const arn = few.secret('a');
    for (let hour = 0; hour < 24; hour++) {
      await few.run();
      few.now += HOUR;
    }
    assert.equal(few.passes.length, 0);
    assert.equal(few.inspected().filter((one) => one === arn).length, 24);
    await few.run();
    assert.deepEqual(
      few.passes.map((one) => one.startedAt),
      [T0 + 23 * HOUR],
      'the last one that asked for it',
    );
  });

  it('counts the day from the first pass that missed it in a row', async () => {
    const few = await Few.create();
    const arn = few.secret('a');
    await few.run();
    few.now += 20 * HOUR;
    few.secret('a', {}, { [TAGS.issuer]: 'nobody' });
    await few.run();
    assert.equal(few.passes.length, 1, 'what is registered wrongly is reported, and holds up nothing');
    few.secret('a');
    few.now += HOUR;
    await few.run();
    assert.equal(few.inspected().filter((one) => one === arn).length, 2);
    few.now += 23 * HOUR;
    await few.run();
    assert.equal(few.passes.length, 1);
  });

  it('is not where a record cannot be read', async () => {
    const few = await Few.create();
    const arn = few.secret('a');
    await few.run();
    await create(
      aToken({
        id: tokenIdOf(arn),
        secretArn: arn,
        name: 'a',
        credentials: [CURRENT],
        inspectedAt: T0,
        readAt: T0,
      }),
      few.ports(),
    );
    few.inventory.raise(tokenIdOf(arn), 99);
    few.now += MINUTE;
    await few.run();
    assert.equal(few.passes.length, 0);
    assert.ok(
      few.log.lines.some((line) => line.includes('a record could not be read') && line.includes(arn)),
    );
    const missing = await Few.create();
    missing.secret('a');
    await missing.run();
    await missing.run();
    assert.deepEqual(missing.log.lines, [], 'that there is none yet is no fault');
  });

  it('begins an interval after the last, a minute early at most, or at once after a wait', async () => {
    const due = async (after: number, isWaiting = false): Promise<boolean> => {
      const few = await Few.create();
      if (isWaiting) few.perMinute = 0.01;
      few.secret('a');
      few.secret('b');
      await few.run();
      few.now += after;
      return (await few.run()) !== undefined;
    };
    assert.deepEqual(
      [await due(HOUR - MINUTE - 1), await due(HOUR - MINUTE), await due(MINUTE, true)],
      [false, true, true],
    );
  });

  it('stops at the end of a page when half a minute is left, and says that it has not ended', async () => {
    for (const [left, ended] of [
      [30 * SECOND, true],
      [30 * SECOND - 1, false],
    ] as const) {
      const few = await Few.create();
      few.pageSize = 1;
      await few.known('a');
      await few.known('b');
      few.timeLeft = left;
      const report = await few.run();
      assert.deepEqual(
        { ended: report?.ended, registered: report?.registered, complete: report?.complete },
        { ended, registered: ended ? 2 : 1, complete: true },
      );
      if (!ended) assert.equal(few.passes.length, 0);
    }
  });

  it('that notes too many open secrets is never complete, whatever its later pages show', async () => {
    const passesWith = async (count: number): Promise<number[]> => {
      const few = await Few.create();
      for (let index = 0; index < count; index++)
        few.secrets.set(arnOf(`x${index}`), new KeyturnError('aws-failed', 'Not now.'));
      few.pageSize = count;
      await few.known('last');
      await few.run();
      few.now = T0 + 2 * DAY;
      await few.run();
      return few.passes.map((one) => one.startedAt);
    };
    assert.deepEqual(await passesWith(1_000), [T0], 'each was missed for a day');
    assert.deepEqual(await passesWith(1_001), []);
  });
});

describe('a rebuild', () => {
  it('is complete with the first whole pass in which every secret is inspected', async () => {
    const few = await Few.create(false);
    await few.known('a', { inspectedAt: undefined, readAt: undefined });
    assert.equal((await few.run())?.complete, false);
    await few.record(arnOf('a'), { inspectedAt: few.now, readAt: few.now });
    few.now += HOUR;
    assert.deepEqual(await few.run(), {
      registered: 1,
      sent: 0,
      wrong: 0,
      failed: 0,
      waiting: 0,
      ended: true,
      complete: true,
    });
    assert.ok(await few.inventory.isComplete());
  });

  it('is not while one fails, whatever else was sent, and is after a day of asking', async () => {
    const few = await Few.create(false);
    few.secrets.set(arnOf('a'), new KeyturnError('aws-failed', 'Not now.'));
    few.secret('b');
    assert.equal((await few.run())?.complete, false);
    few.now = T0 + DAY - HOUR;
    assert.equal((await few.run())?.complete, false);
    few.now = T0 + DAY;
    assert.equal((await few.run())?.complete, true);
  });

  it('counts that day from the first pass in which none had to wait', async () => {
    const few = await Few.create(false);
    few.perMinute = 0.01;
    few.secret('a');
    few.secret('b');
    assert.deepEqual(await few.run(), {
      registered: 2,
      sent: 1,
      wrong: 0,
      failed: 0,
      waiting: 1,
      ended: true,
      complete: false,
    });
    few.now = T0 + 2 * DAY;
    assert.equal((await few.run())?.complete, false, 'one waits still');
    few.perMinute = 1_000;
    few.now += HOUR;
    assert.deepEqual(await few.run(), {
      registered: 2,
      sent: 2,
      wrong: 0,
      failed: 0,
      waiting: 0,
      ended: true,
      complete: false,
    });
    few.now += DAY;
    assert.equal((await few.run())?.complete, true);
  });

  it('is not complete after that day in a pass in which some have to wait again', async () => {
    const few = await Few.create(false);
    few.secret('a');
    few.secret('b');
    await few.run();
    few.perMinute = 0.01;
    few.now = T0 + DAY;
    const report = await few.run();
    assert.deepEqual([report?.waiting, report?.complete], [1, false]);
  });

  it('in the middle of a pass is not complete, and goes on with that pass alone', async () => {
    const few = await Few.create(false);
    few.pageSize = 1;
    few.timeLeft = 0;
    for (const name of ['a', 'b', 'c']) await few.known(name);
    const first = await few.run();
    assert.deepEqual([first?.ended, first?.complete], [false, false]);
    few.now += HOUR;
    await few.run();
    assert.deepEqual(few.listed, [0, 1]);
    few.inventory.backup()();
    few.now += HOUR;
    await few.run();
    assert.deepEqual(few.listed, [0, 1, 0], 'a table that was restored is another rebuild');
  });
});
