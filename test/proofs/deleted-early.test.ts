import { DeleteSecretCommand, RestoreSecretCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import { inTurn } from '../extent.ts';
import { NAME, SHORT, SUBJECTS, complete, worldOf } from './home.ts';

const GOING = 'prod/going/token';

for (const subject of inTurn(SUBJECTS, import.meta.filename))
  test(
    `${subject.id}: a secret that is scheduled for deletion before anybody read it holds up no rebuild, ` +
      'and is managed once it is restored',
    async () => {
      const world = worldOf(subject);
      await world.createAdminSecret([NAME, GOING]);
      await world.createToken(NAME, { value: await world.issuer.createByHand(NAME), tags: SHORT });
      const going = await world.createToken(GOING, {
        value: await world.issuer.createByHand(GOING),
        tags: SHORT,
      });
      await world.client.send(new DeleteSecretCommand({ SecretId: going, RecoveryWindowInDays: 7 }));
      await complete(world);
      const record = await world.record(going);
      assert.ok(record?.unusable !== undefined && record.credentials.length === 0);
      await world.client.send(new RestoreSecretCommand({ SecretId: going }));
      world.startSchedules();
      await world.clock.advanceBy(3 * HOUR);
      const managed = await world.record(going);
      assert.ok(managed && currentOf(managed)?.handle);
      assert.deepEqual(
        managed.findings.filter((one) => one.state === 'open').map((one) => one.kind),
        [],
      );
    },
  );
