import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import { liveCredentials } from '../../functions/core/token/known-credentials.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { inTurn } from '../extent.ts';
import {
  CALM,
  NAME,
  SUBJECTS,
  adopted,
  complete,
  inGrace,
  issued,
  oldOf,
  recordOf,
  rotateOnce,
  send,
  type Home,
} from './home.ts';

function open(token: Token): string[] {
  return token.findings.filter((one) => one.state === 'open').map((one) => `${one.kind} ${one.severity}`);
}

async function remove(
  { world, arn }: Home,
  how: { RecoveryWindowInDays: number } | { ForceDeleteWithoutRecovery: true },
): Promise<void> {
  await world.client.send(new DeleteSecretCommand({ SecretId: arn, ...how }));
}

const BESIDE = 'prod/beside/token';

/** A second admin secret, which grants another secret the same account; resolves to its name. */
async function grantedBeside({ world }: Home): Promise<string> {
  const Name = `keyturn/admin/${world.provider}/second`;
  const admin = JSON.parse(world.issuer.adminSecret([NAME]));
  await world.client.send(
    new CreateSecretCommand({
      Name,
      SecretString: JSON.stringify({
        ...admin,
        grants: admin.grants.map((one: object) => ({ ...one, secret: BESIDE })),
      }),
    }),
  );
  return Name;
}

for (const subject of inTurn(SUBJECTS, import.meta.filename))
  describe(`a deleted secret, ${subject.id}`, () => {
    test('is reported while its credentials live, by name, and nothing is revoked', async () => {
      const home = await inGrace(subject, { tags: CALM });
      home.world.startSchedules();
      const active = liveCredentials(await recordOf(home)).map((one) => one.handle ?? '');
      await remove(home, { RecoveryWindowInDays: 7 });
      await home.world.clock.advanceBy(7 * HOUR);
      const scheduled = await recordOf(home);
      assert.deepEqual(open(scheduled), ['secret-deleted critical']);
      const detail = scheduled.findings.find((one) => one.state === 'open')?.detail ?? '';
      assert.match(detail, /^The secret is scheduled for deletion and will be gone 2026-01-1\d/);
      for (const handle of active) assert.ok(detail.includes(handle), detail);
      await home.world.clock.advanceBy(8 * DAY);
      const gone = await recordOf(home);
      assert.ok(gone.detachedAt !== undefined, 'it should be let go');
      assert.deepEqual(open(gone), ['secret-deleted critical'], 'what lives of it is not forgotten');
      assert.match(
        gone.findings.find((one) => one.state === 'open')?.detail ?? '',
        /^The secret is gone since/,
      );
      assert.deepEqual(
        liveCredentials(gone).map((one) => one.handle),
        active,
        'their handles are known',
      );
      const live = (await issued(home.world)).filter((one) => one.live).map((one) => one.handle);
      for (const handle of active) assert.ok(live.includes(handle));
    });

    test(
      'is over once another secret that still holds its value shows that its issuer refuses it, at two ' +
        'looks',
      async () => {
        const home = await adopted(subject, { tags: CALM });
        const { world } = home;
        await world.createToken('prod/copy/token', { value: await world.read(home.arn), tags: CALM });
        world.startSchedules();
        await world.clock.advanceBy(3 * HOUR);
        const { handle = '' } = currentOf(await recordOf(home)) ?? {};
        await remove(home, { ForceDeleteWithoutRecovery: true });
        await world.clock.advanceBy(13 * HOUR);
        assert.deepEqual(open(await recordOf(home)), ['secret-deleted critical'], 'it lives');
        await world.issuer.revokeByHand(handle);
        await world.clock.advanceBy(13 * HOUR);
        const token = await recordOf(home);
        assert.deepEqual([open(token), token.credentials.map((one) => one.revokedAt)], [[], [undefined]]);
        assert.match(token.credentials[0]?.proof ?? '', subject.id === 'gitlab' ? /list/ : /value/);
      },
    );

    test('is over once another token verified the same revocation; its own secret is gone then', async () => {
      const home = await adopted(subject, { tags: CALM });
      const { world } = home;
      const beside = await grantedBeside(home);
      const text = await world.read(home.arn);
      const arn = await world.createToken(BESIDE, {
        value: text,
        tags: { ...CALM, 'keyturn:admin': beside },
      });
      await complete(world);
      const { handle = '' } = currentOf(await recordOf(home)) ?? {};
      await remove(home, { ForceDeleteWithoutRecovery: true });
      await world.clock.advanceBy(MINUTE);
      await send(world, home.arn, { kind: 'inspect' });
      await world.client.send(
        new PutSecretValueCommand({ SecretId: arn, SecretString: await world.issuer.createByHand(NAME) }),
      );
      await world.issuer.revokeByHand(handle);
      for (let look = 0; look < 4; look++) {
        await send(world, arn, { kind: 'inspect' });
        const old = (await recordOf({ world, arn })).credentials.find(
          (one) => one.state === 'previous' || one.state === 'revoking',
        );
        if (old) await send(world, arn, { kind: 'retire', credentialId: old.id });
        await world.clock.advanceBy(2 * HOUR);
      }
      assert.equal(
        (await recordOf({ world, arn })).credentials.some(
          (one) => one.handle === handle && one.state === 'ended',
        ),
        true,
        'the other token has not proved it',
      );
      await remove({ ...home, arn }, { ForceDeleteWithoutRecovery: true });
      await world.clock.advanceBy(MINUTE);
      await send(world, home.arn, {
        kind: 'retire',
        credentialId: (await recordOf(home)).credentials[0]?.id ?? '',
      });
      assert.deepEqual(
        (await recordOf(home)).credentials.map((one) => [one.state, one.revokedAt]),
        [['ended', undefined]],
      );
    });

    test(
      'says of what its issuer shows no more that it is unknown whether it works, and of the rest that ' +
        'it is active',
      async () => {
        const home = await inGrace(subject, { tags: CALM });
        home.world.startSchedules();
        const { handle = '' } = oldOf(await recordOf(home));
        const active = currentOf(await recordOf(home))?.handle ?? '';
        await remove(home, { ForceDeleteWithoutRecovery: true });
        await home.world.clock.advanceBy(HOUR);
        await home.world.issuer.revokeByHand(handle);
        await home.world.clock.advanceBy(13 * HOUR);
        const [said = ''] = (await recordOf(home)).findings.flatMap((one) =>
          one.state === 'open' ? [one.detail] : [],
        );
        const [told = '', open2 = ''] = said.split('; it is unknown');
        assert.ok(told.includes(`still active at the issuer: ${active}`) && !told.includes(handle), said);
        assert.equal(open2.includes(handle), subject.id !== 'gitlab', said);
      },
    );

    test('is not rotated, whoever asks: the answer says what can be done', async () => {
      for (const [how, says] of [
        [{ RecoveryWindowInDays: 7 }, /is scheduled for deletion: restore it first/],
        [{ ForceDeleteWithoutRecovery: true as const }, /is gone: nothing is rotated any more/],
      ] as const) {
        const home = await adopted(subject, { tags: CALM });
        await remove(home, how);
        await home.world.clock.advanceBy(5 * MINUTE);
        await send(home.world, home.arn, { kind: 'inspect' });
        await send(home.world, home.arn, { kind: 'rotate' });
        const refusals = home.world.facts.flatMap((fact) =>
          fact.type === 'lifecycle' && fact.what === 'refused' ? [fact.detail] : [],
        );
        assert.equal(refusals.length, 1);
        assert.match(refusals[0] ?? '', says);
        assert.deepEqual((await recordOf(home)).attempts, []);
      }
    });

    test('that is restored goes on as before', async () => {
      const home = await adopted(subject, { tags: CALM });
      home.world.startSchedules();
      const before = currentOf(await recordOf(home))?.id;
      await remove(home, { RecoveryWindowInDays: 7 });
      await home.world.clock.advanceBy(2 * DAY);
      await home.world.client.send(new RestoreSecretCommand({ SecretId: home.arn }));
      await home.world.clock.advanceBy(2 * HOUR);
      const restored = await recordOf(home);
      assert.deepEqual(
        [open(restored), restored.deletion, restored.unusable, currentOf(restored)?.id],
        [[], undefined, undefined, before],
      );
      await rotateOnce(home);
    });

    test('without recovery is reported at the next inspection', async () => {
      const home = await adopted(subject, { tags: CALM });
      home.world.startSchedules();
      await remove(home, { ForceDeleteWithoutRecovery: true });
      await home.world.clock.advanceBy(7 * HOUR);
      assert.deepEqual(open(await recordOf(home)), ['secret-deleted critical']);
    });
  });
