import { DeleteSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { inTurn } from '../extent.ts';
import {
  CALM,
  SUBJECTS,
  adopted,
  bare,
  isLive,
  oldOf,
  passAfterClaim,
  recordOf,
  rotateOnce,
  send,
  type Home,
} from './home.ts';

/** Texts in which a client finds the value, and Keyturn no place of it. */
const FORMS: Readonly<Record<string, (value: string) => string>> = {
  'a header': (value) => `Bearer ${value}`,
  'an environment file': (value) => `# of the deploy job\nDEPLOY_USER=ci\nDEPLOY_TOKEN="${value}"\n`,
  'JSON of other fields': (value) => JSON.stringify({ production: { user: 'ci', password: value } }),
  'Basic credentials': (value) =>
    JSON.stringify({ auth: `Basic ${Buffer.from(`ci:${value}`).toString('base64')}` }),
  'an address': (value) => `https://ci:${encodeURIComponent(value)}@git.example.com/group/project.git`,
};

async function beside({ world }: Home, text: string): Promise<string> {
  const arn = await world.createToken('prod/beside/token', { value: text, tags: CALM });
  await world.clock.advanceBy(MINUTE);
  await send(world, arn, { kind: 'inspect' });
  return arn;
}

/** A version without labels goes as soon as others need its room; here it is gone at once. */
async function forgetVersion({ world, arn }: Home, versionId: string): Promise<void> {
  const secret = world.aws.secretsManager.find(arn);
  assert.ok(secret?.versions.delete(versionId), 'it was there');
  await assert.rejects(
    world.client.send(new GetSecretValueCommand({ SecretId: arn, VersionId: versionId })),
    /can't find/,
  );
}

/** Rotates, and has the old credential taken as far towards its end as anything allows. */
async function ended(home: Home, how: 'retire' | 'revoke'): Promise<boolean> {
  const known = (await recordOf(home)).credentials.find(
    (one) => one.state === 'previous' || one.state === 'revoking',
  );
  if (!known) await rotateOnce(home);
  const { id, handle = '' } = known ?? oldOf(await recordOf(home));
  for (let times = 0; times < 3; times++) {
    await home.world.clock.advanceBy(3 * HOUR);
    await send(home.world, home.arn, { kind: how, credentialId: id });
    await passAfterClaim(home.world);
  }
  return !(await isLive(home.world, handle));
}

for (const subject of inTurn(SUBJECTS, import.meta.filename))
  describe(`a secret whose text was never understood, ${subject.id}`, () => {
    for (const [form, text] of Object.entries(FORMS))
      it(`keeps what stands in it active, until it is gone: ${form}`, async () => {
        const home = await adopted(subject);
        const { world } = home;
        const arn = await beside(home, text(bare(await world.read(home.arn))));
        assert.equal(await ended(home, 'retire'), false, 'AWSCURRENT of another secret needs it');
        assert.match(
          (await recordOf(home)).credentials.map((one) => one.verdict ?? '').join(),
          /prod\/beside\/token/,
        );
        await world.client.send(new DeleteSecretCommand({ SecretId: arn, ForceDeleteWithoutRecovery: true }));
        await world.clock.advanceBy(MINUTE);
        assert.equal(await ended(home, 'retire'), true, 'nobody needs it any more');
      });

    it(
      'keeps what may stand in it active once its own value cannot be read, and nothing that no consumer ' +
        'had',
      async () => {
        const home = await adopted(subject);
        const { world } = home;
        const arn = await beside(home, `Bearer ${bare(await world.read(home.arn))}`);
        assert.equal(await ended(home, 'retire'), false);
        const old = (await recordOf(home)).credentials.find((one) => one.state === 'previous');
        await forgetVersion(home, old?.versionId ?? '');
        assert.equal(await ended(home, 'retire'), false, 'its value can be looked for no more');
        assert.match(
          (await recordOf(home)).credentials.map((one) => one.verdict ?? '').join(),
          /may stand in the text of the secret prod\/beside\/token/,
        );
        await world.client.send(new DeleteSecretCommand({ SecretId: arn, ForceDeleteWithoutRecovery: true }));
        await world.clock.advanceBy(MINUTE);
        assert.equal(await ended(home, 'retire'), true, 'there is no such text any more');
      },
    );

    it('keeps nothing active that a person wants revoked, or that does not stand in it', async () => {
      const home = await adopted(subject);
      await beside(home, `Bearer ${bare(await home.world.read(home.arn))}`);
      assert.equal(await ended(home, 'revoke'), true);
      const other = await adopted(subject);
      await beside(other, 'to be filled in by the platform team');
      assert.equal(await ended(other, 'retire'), true);
    });
  });
