import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import type { Fault } from '../world/faults.ts';
import { apart } from '../extent.ts';
import { SUBJECTS, isLive, midway, recordOf, type Home, type Subject } from './home.ts';
import { report } from './leaks.ts';

/** The queue delivers a report again, and two sweeps go on where a run was cut off. */
const TWO_SWEEPS = 40 * MINUTE;
const FAULTS: readonly Fault[] = ['dies-before', 'dies-after', 'lost-answer'];
/** Every third call has to do: one life costs a tenth of a second. */
const EVERY = 3;

interface Leak {
  readonly home: Home;
  readonly handle: string;
  readonly fingerprint: string;
  readonly pending: string | undefined;
  /** Calls made before the report. */
  readonly from: number;
}

/** A leak in the worst moment: a rotation runs, and what it made is not current yet. */
async function leakMidway(
  subject: Subject,
  plan: { index: number; fault: Fault } | undefined,
): Promise<Leak> {
  const home = await midway(subject, plan ? { plan: [plan] } : {});
  const record = await recordOf(home);
  const current = currentOf(record);
  assert.ok(current?.handle && current.fingerprint);
  return {
    home,
    handle: current.handle,
    fingerprint: current.fingerprint,
    pending: record.attempts.at(-1)?.mints.at(-1)?.handle,
    from: home.world.line.calls.length,
  };
}

/** Reports as the queue does: again when the run failed, until it is given up. */
async function reportUntilTaken({ home, fingerprint }: Leak): Promise<void> {
  for (let tries = 0; tries < 3; tries++) {
    if (await report(home, { fingerprint })) return;
    await home.world.clock.advanceBy(6 * MINUTE);
  }
}

async function wrongAfter(leak: Leak): Promise<string[]> {
  const { home, handle, pending } = leak;
  const record = await recordOf(home);
  const live = (await home.world.issuer.credentials('prod/app/token'))
    .filter((one) => one.live)
    .map((one) => one.handle);
  const current = currentOf(record);
  const wrong: string[] = [];
  if (live.includes(handle)) wrong.push('what leaked lives');
  if (pending !== undefined && live.includes(pending) && current?.handle !== pending)
    wrong.push('what the aborted rotation made lives');
  if (!current?.handle || !(await isLive(home.world, current.handle))) wrong.push('nothing good is current');
  if (live.length !== 1) wrong.push(`${live.length} credentials live`);
  if (record.incidents?.length !== 1 || !record.incidents.every((one) => one.containedAt && one.replacedAt))
    wrong.push('the incident is not over');
  if (record.findings.some((one) => one.state === 'open' && one.kind === 'credential-leaked'))
    wrong.push('the finding is open');
  return wrong;
}

/** What is wrong after each of some faults, every one in a life of its own. */
async function wrongAfterEach(
  subject: Subject,
  faults: readonly { index: number; name: string; fault: Fault }[],
): Promise<string[]> {
  const failures: string[] = [];
  for (const { index, name, fault } of faults) {
    const leak = await leakMidway(subject, { index, fault });
    await reportUntilTaken(leak);
    leak.home.world.startSchedules();
    await leak.home.world.clock.advanceBy(TWO_SWEEPS);
    const wrong = await wrongAfter(leak);
    if (wrong.length > 0) failures.push(`${index} ${name} ${fault}: ${wrong.join(', ')}`);
  }
  return failures;
}

describe('a run that answers a leak', () => {
  const [subject] = SUBJECTS;
  assert.ok(subject);

  test('may be cut off at any call: the answer comes to the same end within two sweeps', async () => {
    const calm = await leakMidway(subject, undefined);
    await reportUntilTaken(calm);
    const calls = calm.home.world.line.calls
      .slice(calm.from)
      .filter((call) => call.during.startsWith('worker compromise') && call.name !== 'inventory.load');
    assert.ok(calls.length > 30, `only ${calls.length} calls`);
    const sample = calls.filter((_, index) => index % apart(EVERY) === 0);
    assert.deepEqual(
      await wrongAfterEach(
        subject,
        sample.map((call, place) => ({ ...call, fault: FAULTS[place % FAULTS.length] ?? 'dies-before' })),
      ),
      [],
    );
    // Among them the look before a rotation is asked for: without an answer none was.
    const looks = calls.filter((call) => call.name === 'secrets.describe');
    assert.deepEqual(
      await wrongAfterEach(
        subject,
        looks.map((call) => ({ ...call, fault: 'lost-answer' })),
      ),
      [],
    );
  });

  test('may fail at the issuer for an hour: it goes on when the issuer is back', async () => {
    const leak = await leakMidway(subject, undefined);
    leak.home.world.stopped.add('rotate');
    await reportUntilTaken(leak);
    leak.home.world.startSchedules();
    await leak.home.world.clock.advanceBy(HOUR);
    assert.ok(await isLive(leak.home.world, leak.handle), 'nothing has taken its place');
    leak.home.world.stopped.delete('rotate');
    await leak.home.world.clock.advanceBy(HOUR);
    assert.deepEqual(await wrongAfter(leak), []);
  });
});
