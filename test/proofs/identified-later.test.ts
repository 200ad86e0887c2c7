import assert from 'node:assert/strict';
import { it } from 'node:test';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { DAY, HOUR } from '../../functions/core/basics/time.ts';
import { GitlabSimulator } from '../../lib/sandbox/issuers/gitlab.ts';
import { World } from '../world/world.ts';
import { CLIENT, NAME, complete, send } from './home.ts';

const OTHER = 'prod/other/token';
const ADMIN = 'keyturn/admin/gitlab';

interface Grant {
  readonly secret: string;
  readonly resource: string;
}

const TAGS = {
  'keyturn:rotate-every': '30d',
  'keyturn:max-age': '60d',
  'keyturn:min-grace': '2h',
  'keyturn:unused-for': '1h',
  'keyturn:cache-ttl': '1m',
  'keyturn:jitter': '0s',
};

it('a value that is identified after its grant was corrected is revoked where it was made', async () => {
  const world = new World({ ...CLIENT, issuer: (clock) => new GitlabSimulator({ clock }) });
  await world.createAdminSecret([NAME, OTHER]);
  const { grants, ...rest } = JSON.parse(await world.read(ADMIN)) as { grants: [Grant, Grant] };
  const [own, { resource }] = grants;
  const grant = async (granted: object): Promise<void> => {
    const SecretString = JSON.stringify({ ...rest, grants: [granted] });
    await world.client.send(new PutSecretValueCommand({ SecretId: ADMIN, SecretString }));
  };
  await grant({ ...own, resource });
  const arn = await world.createToken(NAME, { value: await world.issuer.createByHand(NAME), tags: TAGS });
  await complete(world);
  world.startSchedules();
  await send(world, arn, { kind: 'rotate' });
  await world.clock.advanceBy(HOUR);
  const old = (await world.record(arn))?.credentials.find((one) => one.state === 'previous');
  assert.ok(old && old.handle === undefined, 'the issuer could not say which credential it is');

  await grant({ ...own, formerly: [{ resource }] });
  await world.clock.advanceBy(2 * DAY);
  const named = (await world.record(arn))?.credentials.find((one) => one.id === old.id);
  const [made] = await world.issuer.credentials(NAME);
  assert.equal(named?.handle, made?.handle);
  assert.equal(named?.state, 'ended');
  assert.equal(made?.live, false);
});
