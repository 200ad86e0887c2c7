import { DeleteSecretCommand, UntagResourceCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { TAGS } from '../../functions/core/policy/tags.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import { inTurn } from '../extent.ts';
import { CALM, SUBJECTS, adopted, complete, isLive, recordOf, rotateOnce, send, type Home } from './home.ts';

/** A token that was rotated, and a second secret in which the old value stands as AWSCURRENT. */
async function copied(subject: (typeof SUBJECTS)[number]): Promise<Home & { copy: string; old: string }> {
  const home = await adopted(subject, {
    tags: { ...CALM, 'keyturn:min-grace': '30m', 'keyturn:unused-for': '5m' },
  });
  const { world } = home;
  const copy = await world.createToken('prod/copy/token', { value: await world.read(home.arn), tags: CALM });
  await complete(world);
  await world.clock.advanceBy(MINUTE);
  assert.ok(await world.record(copy), 'the copy is not enrolled');
  const { handle: old = '' } = currentOf(await recordOf(home)) ?? {};
  await rotateOnce(home);
  return { ...home, copy, old };
}

/** How a person has Keyturn leave a secret alone. */
const LET_GO: Readonly<Record<string, (home: Home, copy: string) => Promise<unknown>>> = {
  'that a person detached': ({ world }, copy) => send(world, copy, { kind: 'end', how: 'detach' }),
  'whose tags a person removed': async ({ world }, copy) => {
    const TagKeys = [TAGS.installation, TAGS.issuer];
    await world.client.send(new UntagResourceCommand({ SecretId: copy, TagKeys }));
    await send(world, copy, { kind: 'inspect' });
  },
};

for (const subject of inTurn(SUBJECTS, import.meta.filename))
  describe(`a copy of a value, ${subject.id}`, () => {
    for (const [how, letGo] of Object.entries(LET_GO))
      test(`${how} keeps its credential active until the secret is gone, and no longer`, async () => {
        const home = await copied(subject);
        const { world, copy, old } = home;
        await letGo(home, copy);
        world.startSchedules();
        await world.clock.advanceBy(8 * HOUR);
        assert.ok((await recordOf({ world, arn: copy })).detachedAt !== undefined);
        assert.ok(await isLive(world, old), 'its consumers lost it');
        await world.client.send(
          new DeleteSecretCommand({ SecretId: copy, ForceDeleteWithoutRecovery: true }),
        );
        await world.clock.advanceBy(2 * DAY);
        assert.equal(await isLive(world, old), false, 'what no secret holds any more lives on');
        assert.deepEqual(
          (await recordOf(home)).findings.filter((one) => one.state === 'open').map((one) => one.detail),
          [],
        );
      });

    test('that blocks a revocation is reported once, however often the revocation is tried', async () => {
      const home = await copied(subject);
      home.world.startSchedules();
      await home.world.clock.advanceBy(DAY);
      const told = home.world.facts.flatMap((fact) =>
        fact.type === 'finding' && fact.kind === 'revocation-blocked' ? [fact.change] : [],
      );
      assert.deepEqual(told, ['opened']);
    });
  });
