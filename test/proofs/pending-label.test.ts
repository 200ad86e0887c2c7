import { UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { moveAttempt } from '../../functions/core/life.ts';
import { HOUR, MINUTE } from '../../functions/core/time.ts';
import { currentOf } from '../../functions/core/token.ts';
import { CALM, GRACE_OVER, SUBJECTS, drive, inGrace, oldOf, recordOf, rotateOnce, send, tamper, type Home } from './house.ts';
import { begun, outcome, settleNow } from './late.ts';

/** AWS documents more than one outcome (docs/sandbox.md); Keyturn has to be right in each. */
const OUTCOMES = ['at-completion', 'stays', 'at-move'] as const;
const PAST_DEADLINE = 26 * MINUTE;

async function holderOf({ world, arn }: Pick<Home, 'world' | 'arn'>, label: string): Promise<string | undefined> {
  return [...(await world.labels(arn))].find(([, labels]) => labels.includes(label))?.[0];
}

/** As a person does it in the console. */
async function moveByHand(home: Home, label: string, to: string): Promise<void> {
  const from = await holderOf(home, label);
  await home.world.client.send(new UpdateSecretVersionStageCommand({ SecretId: home.arn, VersionStage: label, ...(from !== undefined && { RemoveFromVersionId: from }), MoveToVersionId: to }));
}

/** AWSPENDING stands nowhere but on the current version, where nothing is in its way. */
async function requireFree(home: Home): Promise<void> {
  const pending = await holderOf(home, 'AWSPENDING');
  assert.ok(pending === undefined || pending === (await holderOf(home, 'AWSCURRENT')), 'AWSPENDING is in the way of the next rotation');
}

for (const pendingLabel of OUTCOMES)
  for (const subject of SUBJECTS) {
    const options = { rotation: { pendingLabel } };

    describe(`AWSPENDING goes ${pendingLabel}, ${subject.id}`, () => {
      test('a rollback leaves nothing in the way, and the next rotation happens', async () => {
        const home = await inGrace(subject, { tags: CALM, options });
        const { world, arn } = home;
        const before = await recordOf(home);
        const [bad, old] = [currentOf(before), oldOf(before)];
        assert.ok(bad && (await send(world, arn, { kind: 'rollback', generationId: old.id })));
        assert.equal(currentOf(await recordOf(home))?.id, old.id);
        await requireFree(home);
        await world.clock.advanceBy(GRACE_OVER);
        for (const wait of [HOUR, HOUR]) {
          await send(world, arn, { kind: 'retire', generationId: bad.id });
          await world.clock.advanceBy(wait);
        }
        await rotateOnce(home);
        await requireFree(home);
        assert.equal((await recordOf(home)).failures, 0);
      });

      test('put back by hand on an old version it is taken off by an inspection, and no attempt comes of it', async () => {
        const home = await inGrace(subject, { tags: CALM, options });
        const before = await recordOf(home);
        await moveByHand(home, 'AWSPENDING', oldOf(before).id);
        await send(home.world, home.arn, { kind: 'inspect' });
        await requireFree(home);
        const after = await recordOf(home);
        assert.deepEqual([after.failures, after.attempts.map((one) => one.id)], [before.failures, before.attempts.map((one) => one.id)]);
      });

      for (const isClaimed of [false, true])
        test(`a promotion that a person took back before it was recorded (${isClaimed ? 'its last step had begun' : 'made by hand'}) is in nobody's way once it is settled`, async () => {
          const late = await begun(subject, { steps: ['createSecret', 'setSecret', 'testSecret'], options });
          const old = currentOf(await recordOf(late));
          assert.ok(old);
          if (isClaimed) await tamper(late, (token) => moveAttempt(token, late.attemptId, 'claim-promote'));
          await moveByHand(late, 'AWSCURRENT', late.attemptId);
          await moveByHand(late, 'AWSCURRENT', old.id);
          await late.world.clock.advanceBy(PAST_DEADLINE);
          await drive(late.world, () => settleNow(late));
          assert.equal(currentOf(await recordOf(late))?.id, old.id);
          await requireFree(late);
          assert.deepEqual(await outcome(late), []);
        });
    });
  }
