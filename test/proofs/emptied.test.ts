import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, HOUR } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import { liveCredentials } from '../../functions/core/token/known-credentials.ts';
import { inTurn } from '../extent.ts';
import { SHORT, SUBJECTS, credentialIn, inGrace, isLive, put, recordOf, send, type Home } from './home.ts';

/** A token of which nothing falls due by itself. */
const RARE = { ...SHORT, 'keyturn:rotate-every': '20d', 'keyturn:max-age': '60d' };

/**
 * Where the issuer keeps two and both live, there is no room for a new one, and none may end while nothing is
 * current: a person puts the last one back.
 */
async function backByHand(home: Home, credentialId: string): Promise<void> {
  const before = await recordOf(home);
  assert.ok(before.findings.some((one) => one.state === 'open' && one.kind === 'credential-limit-reached'));
  assert.ok(await send(home.world, home.arn, { kind: 'rollback', credentialId }));
  await home.world.clock.advanceBy(DAY);
  const after = await recordOf(home);
  assert.equal(currentOf(after)?.id, credentialId);
  assert.deepEqual(
    after.findings
      .filter((one) => one.state === 'open')
      .map((one) => one.kind)
      .filter((kind) => kind !== 'out-of-band-change'),
    [],
  );
  assert.equal(liveCredentials(after).length, 1);
}

describe('a value that a person takes away', () => {
  for (const subject of inTurn(SUBJECTS, import.meta.filename))
    for (const text of ['{}', ' { }\n'])
      test(
        `${subject.id}, ${JSON.stringify(text)} in its place: it is told, a new credential is made, and ` +
          'the old ones end after their grace',
        async () => {
          const home = await inGrace(subject, { tags: RARE });
          const { world, arn } = home;
          const was = currentOf(await recordOf(home));
          assert.ok(was?.handle);
          world.startSchedules();
          await put(world, arn, text);
          await world.clock.advanceBy(2 * HOUR);
          const told = world.facts.flatMap((fact) =>
            fact.type === 'finding' && fact.kind === 'out-of-band-change' && fact.change === 'opened'
              ? [fact.detail]
              : [],
          );
          assert.equal(told.length, 1);
          assert.match(told[0] ?? '', /holds no value.*A new credential is made/);
          await world.clock.advanceBy(4 * HOUR);
          if (subject.id === 'okta') return backByHand(home, was.id);
          const token = await recordOf(home);
          const current = currentOf(token);
          assert.ok(current && current.id !== was.id, 'nothing was made');
          assert.equal((await credentialIn(world, await world.read(arn))).handle, current.handle);
          assert.ok(await isLive(world, current.handle ?? ''));
          await world.clock.advanceBy(2 * DAY);
          assert.equal(await isLive(world, was.handle), false, 'what was taken away lives on');
          const after = await recordOf(home);
          assert.deepEqual(
            liveCredentials(after).map((one) => one.id),
            [current.id],
          );
          assert.deepEqual(
            after.findings
              .filter((one) => one.state === 'open')
              .map((one) => one.kind)
              .filter((kind) => kind !== 'out-of-band-change'),
            [],
          );
        },
      );
});
