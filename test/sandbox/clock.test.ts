import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { VirtualClock } from '../../lib/sandbox/clock.ts';

test('timers fire in the order of their times, those of one time in the order they were set', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 20 })), async (delays) => {
      const clock = new VirtualClock(0);
      const fired: [number, number][] = [];
      delays.forEach((delay, index) => clock.after(delay, () => void fired.push([clock.now(), index])));
      await clock.advanceTo(20);
      assert.deepEqual(
        fired,
        delays
          .map((delay, index): [number, number] => [delay, index])
          .sort(([a, i], [b, j]) => a - b || i - j),
      );
    }),
  );
});

test('a cancelled timer does not fire, and the others do', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean())), async (timers) => {
      const clock = new VirtualClock(0);
      let fired = 0;
      const cancels = timers.map(([delay]) => clock.after(delay, () => void fired++));
      timers.forEach(([, kept], index) => kept || cancels[index]?.());
      await clock.advanceTo(9);
      assert.equal(fired, timers.filter(([, kept]) => kept).length);
    }),
  );
});

test('time stands still while an activity runs, and passes while it sleeps', async () => {
  const clock = new VirtualClock(0);
  const seen: number[] = [];
  clock.after(
    10,
    () =>
      void clock.activity(async () => {
        for (let count = 0; count < 50; count++) await Promise.resolve();
        seen.push(clock.now());
        await clock.sleep(5);
        seen.push(clock.now());
      }),
  );
  clock.after(11, () => void seen.push(clock.now()));
  await clock.advanceTo(100);
  assert.deepEqual(seen, [10, 11, 15]);
});

test('an activity that sleeps lets go of those around it', async () => {
  const clock = new VirtualClock(0);
  const done = clock.activity(() => clock.activity(() => clock.activity(() => clock.sleep(5))));
  await clock.advanceTo(5);
  await done;
  assert.equal(clock.next(), undefined);
});

test('an activity with one part asleep and one at work holds time', async () => {
  const clock = new VirtualClock(0);
  const order: string[] = [];
  const both = clock.activity(() =>
    Promise.all([
      clock.activity(async () => {
        await clock.sleep(5);
        order.push(`resumed at ${clock.now()}`);
      }),
      clock.activity(async () => {
        for (let count = 0; count < 100; count++) await Promise.resolve();
        order.push(`worked until ${clock.now()}`);
      }),
    ]),
  );
  await clock.advanceTo(10);
  await both;
  assert.deepEqual(order, ['worked until 0', 'resumed at 5']);
});

test('two sleepers in one activity wake at their own times, and time goes on after', async () => {
  const clock = new VirtualClock(0);
  const resumed: number[] = [];
  const nap = async (length: number): Promise<void> => {
    await clock.sleep(length);
    resumed.push(clock.now());
  };
  const done = clock.activity(() => Promise.all([nap(3), nap(7)]));
  await clock.advanceTo(20);
  await done;
  assert.deepEqual(resumed, [3, 7]);
  assert.equal(clock.now(), 20);
});

test('what is awaited as being away holds time by itself', async () => {
  const clock = new VirtualClock(0);
  const worker = (): Promise<number> =>
    new Promise((resolve) => {
      const release = clock.hold();
      setImmediate(() => {
        clock.after(4, () => resolve(clock.now()));
        release();
      });
    });
  const answered = clock.activity(() => clock.away(worker));
  await clock.advanceTo(10);
  assert.equal(await answered, 4);
});

test('an activity that fails lets time go on', async () => {
  const clock = new VirtualClock(0);
  await assert.rejects(clock.activity(() => Promise.reject(new Error('x'))));
  await clock.advanceTo(1);
  assert.equal(clock.now(), 1);
});

test('a hold given back twice counts once', async () => {
  const clock = new VirtualClock(0);
  const [first, second] = [clock.hold(), clock.hold()];
  first();
  first();
  let moved = false;
  const advanced = clock.advanceTo(1).then(() => {
    moved = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(moved, false);
  second();
  await advanced;
});

test('sleeping outside of an activity is only a timer', async () => {
  const clock = new VirtualClock(0);
  const slept = clock.sleep(5);
  await clock.advanceTo(5);
  await slept;
  const release = clock.hold();
  release();
  await clock.quiet();
});
