import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Ports } from '../../functions/core/ports/ports.ts';
import { MINUTE } from '../../functions/core/basics/time.ts';
import { attemptOf, currentOf } from '../../functions/core/token/lookups.ts';
import { inTurn } from '../extent.ts';
import { CALM, SUBJECTS, drive, inGrace, put, recordOf, send } from './home.ts';
import { begun, settleNow } from './late.ts';

/** How often each call to Secrets Manager was made while something ran. */
async function callsOf(
  world: { line: { calls: readonly { name: string }[] } },
  run: () => Promise<unknown>,
): Promise<Record<string, number>> {
  const from = world.line.calls.length;
  await run();
  const counts: Record<string, number> = {};
  for (const { name } of world.line.calls.slice(from))
    if (name.startsWith('secrets.')) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

describe('what is asked of Secrets Manager', () => {
  for (const subject of inTurn(SUBJECTS, import.meta.filename)) {
    it(
      `by a settle that finds a rotation still under way, ${subject.id}: its secret, before it is ` +
        'concluded and after',
      async () => {
        const late = await begun(subject);
        assert.deepEqual(await callsOf(late.world, () => drive(late.world, () => settleNow(late))), {
          'secrets.describe': 2,
        });
        assert.equal(attemptOf(await recordOf(late), late.attemptId)?.state, 'open');
      },
    );

    it(`by a settle of what is settled, ${subject.id}: its secret, once`, async () => {
      const home = await inGrace(subject, { tags: CALM });
      const [attempt] = (await recordOf(home)).attempts;
      assert.ok(attempt?.tidy);
      assert.deepEqual(
        await callsOf(home.world, () =>
          send(home.world, home.arn, { kind: 'settle', attemptId: attempt.id }),
        ),
        { 'secrets.describe': 1 },
      );
    });

    it(`by an inspection of an emptied secret, ${subject.id}: its current version, once`, async () => {
      const read: string[] = [];
      const wrap = (ports: Ports): Ports => ({
        ...ports,
        secrets: {
          ...ports.secrets,
          read: (arn, version) => (read.push(version), ports.secrets.read(arn, version)),
        },
      });
      const home = await inGrace(subject, { tags: CALM, options: { wrap } });
      const { world, arn } = home;
      await world.clock.advanceBy(MINUTE);
      const empty = await put(world, arn, '{}');
      read.length = 0;
      await send(world, arn, { kind: 'inspect' });
      assert.equal(currentOf(await recordOf(home)), undefined);
      assert.equal(read.filter((version) => version === empty).length, 1);
    });
  }
});
