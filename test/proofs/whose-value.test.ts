import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import type { Token } from '../../functions/core/token/token.ts';
import type { Issuer } from '../../lib/sandbox/issuers/simulator.ts';
import { SIMULATORS } from '../../lib/sandbox/issuers/simulators.ts';
import {
  CALM,
  NAME,
  SUBJECTS,
  adopted,
  bare,
  complete,
  credentialIn,
  inGrace,
  oldOf,
  recordOf,
  rotateOnce,
  send,
  worldOf,
  type Home,
} from './home.ts';

const ELSEWHERE = 'prod/elsewhere';
const OTHER_HOST = 'other.keyturn.test';
const [okta = assert.fail('there is no okta')] = SUBJECTS.filter((one) => one.id === 'okta');
/** The grant leads to a second host later, which knows nothing of the first one's values. */
const HOSTED = SUBJECTS.filter((one) => one.id !== 'okta');

async function put({ world, arn }: Home, text: string): Promise<void> {
  await world.client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: text }));
  await world.clock.advanceBy(MINUTE);
}

/** Looks at it as often as it takes to believe anything; resolves to the record. */
async function looked(home: Home): Promise<Token> {
  for (let look = 0; look < 3; look++) {
    await send(home.world, home.arn, { kind: 'inspect' });
    await home.world.clock.advanceBy(HOUR);
  }
  return recordOf(home);
}

function kindsOf(token: Token): string[] {
  return token.findings.filter((one) => one.state === 'open').map((one) => one.kind);
}

function said({ validity, refusedSince }: Token): [string | undefined, boolean] {
  return [validity?.outcome, refusedSince !== undefined];
}

/** Its secret held, from the beginning, a value that was made for another one. */
async function brought(subject: (typeof SUBJECTS)[number], madeFor: string): Promise<Home> {
  const world = worldOf(subject);
  await world.createAdminSecret([NAME]);
  const arn = await world.createToken(NAME, { value: await world.issuer.createByHand(madeFor), tags: CALM });
  await complete(world);
  return { world, arn, subject };
}

async function atAnotherHost(subject: (typeof SUBJECTS)[number]): Promise<{ home: Home; second: Issuer }> {
  const seconds: Issuer[] = [];
  const places = [
    { host: OTHER_HOST, fetch: (request: Request) => seconds[0]?.fetch(request) ?? assert.fail() },
  ];
  const home = await adopted(subject, {
    options: {
      places,
      allowedHosts: [`${subject.id === 'gitlab' ? 'gitlab' : 'npm'}.keyturn.test`, OTHER_HOST],
    },
  });
  const second = SIMULATORS.get(subject.id)?.({ clock: home.world.clock, host: OTHER_HOST }) ?? assert.fail();
  seconds.push(second);
  await home.world.client.send(
    new PutSecretValueCommand({
      SecretId: `keyturn/admin/${subject.id}`,
      SecretString: second.adminSecret([NAME]),
    }),
  );
  return { home, second };
}

describe('a value that somebody stored, without a note where it was made', () => {
  test('is not called inactive by the application of the grant when the client id is another', async () => {
    const home = await adopted(okta);
    await put(home, await home.world.issuer.createByHand(ELSEWHERE));
    const token = await looked(home);
    assert.deepEqual(said(token), ['unknown', false]);
    assert.match(token.validity?.reason ?? '', /client_id/);
    home.world.startSchedules();
    await home.world.clock.advanceBy(2 * DAY);
    assert.deepEqual(
      kindsOf(await recordOf(home)).filter((kind) => /^(token-|validity-)/.test(kind)),
      ['validity-unknown'],
    );
  });

  test('takes no slot of the application of the grant when the client id beside it is another', async () => {
    const home = await adopted(okta);
    await put(home, await home.world.issuer.createByHand(ELSEWHERE));
    await looked(home);
    await send(home.world, home.arn, { kind: 'rotate' });
    await home.world.clock.advanceBy(10 * MINUTE);
    const token = await recordOf(home);
    assert.equal(currentOf(token)?.origin, 'minted', kindsOf(token).join());
  });

  test('is asked about at the former application whose client id stands beside it', async () => {
    const home = await inGrace(okta);
    const text = await home.world.issuer.createByHand(ELSEWHERE);
    const [there, here] = [ELSEWHERE, NAME].map((name) => JSON.parse(home.world.issuer.adminSecret([name])));
    const grant = { ...here.grants[0], formerly: [{ app: there.grants[0].app }] };
    await home.world.client.send(
      new PutSecretValueCommand({
        SecretId: 'keyturn/admin/okta',
        SecretString: JSON.stringify({ ...here, grants: [grant] }),
      }),
    );
    await put(home, text);
    assert.deepEqual(said(await looked(home)), ['active', false]);
  });

  test('is not called inactive where nothing beside it says whose it is', async () => {
    const home = await adopted(okta, { plain: true });
    await put(home, bare(await home.world.issuer.createByHand(ELSEWHERE)));
    assert.deepEqual(said(await looked(home)), ['unknown', false]);
  });

  test('is called inactive where the client id beside it is the one that the grant names', async () => {
    const home = await adopted(okta);
    const text = await home.world.issuer.createByHand(NAME);
    await home.world.issuer.revokeByHand((await credentialIn(home.world, text)).handle);
    await put(home, text);
    const token = await looked(home);
    assert.deepEqual(said(token), ['inactive', true]);
  });

  test('is called inactive where it was accepted before, whatever stands beside it', async () => {
    const home = await adopted(okta, { plain: true });
    await home.world.issuer.revokeByHand(
      (await credentialIn(home.world, await home.world.read(home.arn))).handle,
    );
    assert.deepEqual(said(await looked(home)), ['inactive', true]);
  });

  test('is not inactive once another took its place: it may live in its own application', async () => {
    const home = await brought(okta, ELSEWHERE);
    await looked(home);
    await rotateOnce(home);
    home.world.startSchedules();
    await home.world.clock.advanceBy(3 * DAY);
    assert.deepEqual(oldOf(await recordOf(home)).state, 'previous');
  });

  test('keeps an old credential active, and its own validity unknown, when the guard asks', async () => {
    const home = await inGrace(okta);
    const old = oldOf(await recordOf(home));
    await home.world.clock.advanceBy(2 * HOUR);
    await put(home, await home.world.issuer.createByHand(ELSEWHERE));
    await looked(home);
    await send(home.world, home.arn, { kind: 'retire', credentialId: old.id });
    const token = await recordOf(home);
    assert.deepEqual(
      [said(token), token.credentials.find((one) => one.id === old.id)?.revokedAt],
      [['unknown', false], undefined],
    );
  });

  for (const subject of HOSTED) {
    test(`is not called inactive by another host than the one on record, ${subject.id}`, async () => {
      const { home } = await atAnotherHost(subject);
      await put(home, await home.world.issuer.createByHand(NAME));
      const token = await looked(home);
      assert.deepEqual(said(token), ['unknown', false]);
      await rotateOnce(home);
      home.world.startSchedules();
      await home.world.clock.advanceBy(2 * DAY);
      const rotated = await recordOf(home);
      assert.equal(currentOf(rotated)?.reach?.host, OTHER_HOST);
      assert.deepEqual(
        rotated.credentials.filter((one) => one.state === 'ended' && one.reach?.host !== OTHER_HOST),
        [],
      );
    });

    test(`is called inactive by the one host that the record knows, ${subject.id}`, async () => {
      const home = await adopted(subject);
      const text = await home.world.issuer.createByHand(NAME);
      await home.world.issuer.revokeByHand((await credentialIn(home.world, text)).handle);
      await put(home, text);
      assert.deepEqual(said(await looked(home)), ['inactive', true]);
    });

    test(`works at the new host where it was made there, ${subject.id}`, async () => {
      const { home, second } = await atAnotherHost(subject);
      // Its first one is the text that the first host made first.
      await second.createByHand(NAME);
      await put(home, await second.createByHand(NAME));
      assert.deepEqual(said(await looked(home)), ['active', false]);
    });
  }
});
