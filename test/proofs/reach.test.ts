import { DeleteSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { STAMP_FIELD } from '../../functions/core/policy/value-notation.ts';
import { INSTALLATION_RECORD_ID } from '../../functions/core/inventory/installation.ts';
import type { World } from '../world/world.ts';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import type { Session } from '../../functions/core/issuer/provider.ts';
import { inTurn } from '../extent.ts';
import { begun, settleNow, stepOf } from './late.ts';
import {
  CALM,
  NAME,
  SUBJECTS,
  adopted,
  credentialIn,
  drive,
  inGrace,
  isLive,
  issued,
  oldOf,
  recordOf,
  send,
  sessionsThrough,
  tamper,
  worldOf,
} from './home.ts';

const OFTEN = { ...CALM, 'keyturn:rotate-every': '5d', 'keyturn:max-age': '10d' };

type AdminText = { url: string; grants: Record<string, unknown>[] };

async function writeAdmin(world: World, text: string): Promise<void> {
  await world.client.send(
    new PutSecretValueCommand({ SecretId: `keyturn/admin/${world.provider}`, SecretString: text }),
  );
}

function grantsOf(world: World, name: string): AdminText {
  return JSON.parse(world.issuer.adminSecret([name]));
}

/**
 * The grant leads to another account from now on; with `isFormerNamed` it names the first one as a former
 * one.
 */
async function grantElsewhere(world: World, isFormerNamed: boolean): Promise<void> {
  const [first] = grantsOf(world, NAME).grants;
  const there = grantsOf(world, 'prod/elsewhere');
  const fields =
    { gitlab: ['resource'], okta: ['app', 'clientId'], 'npm-registry': ['user', 'password'] }[
      world.provider
    ] ?? [];
  const former = Object.fromEntries(
    fields.flatMap((field) => (first?.[field] === undefined ? [] : [[field, first[field]]])),
  );
  const [grant = {}] = there.grants;
  await writeAdmin(
    world,
    JSON.stringify({
      ...there,
      grants: [{ ...grant, secret: NAME, ...(isFormerNamed && { formerly: [former] }) }],
    }),
  );
}

function open(token: Token): string[] {
  return token.findings.filter((one) => one.state === 'open').map((one) => `${one.kind}: ${one.detail}`);
}

async function liveHandles(world: World): Promise<string[]> {
  return [...(await issued(world)), ...(await issued(world, 'prod/elsewhere'))]
    .filter((one) => one.live)
    .map((one) => one.handle);
}

for (const subject of inTurn(SUBJECTS, import.meta.filename))
  describe(`where a credential was made, ${subject.id}`, () => {
    test('is in the record of what was adopted and of what was minted, and under the seal', async () => {
      const home = await inGrace(subject);
      const { credentials } = await recordOf(home);
      assert.deepEqual(
        credentials.map((one) => one.reach?.host),
        [home.world.issuer.host, home.world.issuer.host],
      );
      const { [STAMP_FIELD]: stamp } = JSON.parse(await home.world.read(home.arn));
      assert.deepEqual(stamp.reach, currentOf(await recordOf(home))?.reach);
    });

    test('is the only place where it is called inactive: another account proves nothing', async () => {
      const home = await inGrace(subject);
      const before = await liveHandles(home.world);
      await grantElsewhere(home.world, false);
      await home.world.clock.advanceBy(MINUTE);
      await send(home.world, home.arn, { kind: 'end', how: 'retire' });
      home.world.startSchedules();
      await home.world.clock.advanceBy(DAY);
      const token = await recordOf(home);
      assert.equal(token.ending?.endedAt, undefined);
      assert.deepEqual(await liveHandles(home.world), before);
      assert.ok(
        open(token).every((one) => /^revocation-blocked: .* was made at .*formerly/.test(one)) &&
          open(token).length === 2,
        open(token).join('\n'),
      );
      await grantElsewhere(home.world, true);
      await home.world.clock.advanceBy(DAY);
      const ended = await recordOf(home);
      // Okta does not let go of the last secret of an application.
      if (subject.id === 'okta')
        return assert.match(
          open(ended).join(),
          /^revocation-blocked: [^,]* has no other active credential than [^,]*$/,
        );
      assert.deepEqual(
        [await liveHandles(home.world), ended.ending?.endedAt === undefined, open(ended)],
        [[], false, []],
      );
    });

    test('is where the current one is asked about: what another account says of it is nothing', async () => {
      const home = await inGrace(subject, { tags: CALM });
      for (const isFormerNamed of [false, true]) {
        await grantElsewhere(home.world, isFormerNamed);
        await home.world.clock.advanceBy(10 * MINUTE);
        await send(home.world, home.arn, { kind: 'inspect' });
        const { validity, refusedSince } = await recordOf(home);
        // GitLab knows any value by itself; at the others a value says something under its account alone.
        const isUnknown = subject.id !== 'gitlab' && !isFormerNamed;
        assert.deepEqual([validity?.outcome, refusedSince], [isUnknown ? 'unknown' : 'active', undefined]);
        if (isUnknown && subject.id === 'okta')
          assert.match(
            validity?.outcome === 'unknown' ? (validity.reason ?? '') : '',
            /was made at .*name that account under formerly/,
          );
      }
    });

    test('is where an old one is revoked after the grant moved; it takes no slot of the new', async () => {
      const home = await adopted(subject, { tags: OFTEN });
      const { world } = home;
      const first = (await credentialIn(world, await world.read(home.arn))).handle;
      await grantElsewhere(world, true);
      world.startSchedules();
      await world.clock.advanceBy(7 * DAY);
      const token = await recordOf(home);
      assert.deepEqual(
        token.credentials.find((one) => one.handle === first)?.state,
        subject.id === 'okta' ? 'revoking' : 'ended',
      );
      assert.equal(await isLive(world, first), subject.id === 'okta');
      assert.equal(currentOf(token)?.reach?.account === token.credentials[0]?.reach?.account, false);
      if (subject.id !== 'okta') assert.deepEqual(open(token), []);
    });

    test(
      'keeps rotating in the new account while it may not ask in the old one, and ends when the grant ' +
        'comes back',
      async () => {
        const home = await adopted(subject, { tags: OFTEN });
        const { world } = home;
        const first = (await credentialIn(world, await world.read(home.arn))).handle;
        await grantElsewhere(world, false);
        world.startSchedules();
        await world.clock.advanceBy(20 * DAY);
        const moved = world.facts.filter(
          (fact) => fact.type === 'lifecycle' && fact.what === 'rotated',
        ).length;
        assert.ok(moved >= 3, `${moved} rotations`);
        assert.match(open(await recordOf(home)).join('\n'), /^revocation-blocked: .*formerly.*$/);
        await world.issuer.revokeByHand(first);
        await grantElsewhere(world, true);
        await world.clock.advanceBy(2 * DAY);
        assert.deepEqual(open(await recordOf(home)), []);
      },
    );

    test('is no host of an admin secret alone: it gets no request until an operator confirms', async () => {
      const asked: string[] = [];
      const home = await adopted(subject, {
        options: {
          places: [
            {
              host: 'thief.example',
              fetch: async (request) => {
                asked.push(request.url);
                return new Response('{}', { status: 401 });
              },
            },
          ],
        },
      });
      const { world, arn } = home;
      await writeAdmin(world, world.issuer.adminSecret([NAME]).replace(world.issuer.host, 'thief.example'));
      await send(world, arn, { kind: 'inspect' });
      await send(world, arn, { kind: 'rotate' });
      await world.examineAdminsNow();
      world.startSchedules();
      await world.clock.advanceBy(DAY);
      assert.deepEqual(asked, []);
      assert.match(
        open(await recordOf(home)).join('\n'),
        new RegExp(`keyturn confirm-host ${subject.id} thief\\.example`),
      );
      await world.command({
        kind: 'confirm-host',
        tokenId: INSTALLATION_RECORD_ID,
        provider: subject.id,
        host: 'thief.example',
        notAfter: world.clock.now() + MINUTE,
      });
      await send(world, arn, { kind: 'inspect' });
      assert.ok(asked.length > 0, 'it was confirmed');
    });

    test('is never an unconfirmed host: nothing is missed there once the admin secret is right', async () => {
      const home = await adopted(subject, { tags: OFTEN });
      const { world, arn } = home;
      await writeAdmin(world, world.issuer.adminSecret([NAME]).replace(world.issuer.host, 'thief.example'));
      await send(world, arn, { kind: 'rotate' });
      world.startSchedules();
      await world.clock.advanceBy(6 * HOUR);
      const { attempts } = await recordOf(home);
      assert.deepEqual([attempts.length > 0, attempts.flatMap((one) => one.mints)], [true, []]);
      await writeAdmin(world, world.issuer.adminSecret([NAME]));
      await world.clock.advanceBy(2 * DAY);
      const token = await recordOf(home);
      assert.deepEqual([open(token), token.attempts.filter((one) => one.tidy !== true)], [[], []]);
    });

    test('is one place: a grant that moves after the value is stored ends the rotation at both', async () => {
      const moved = { at: 0 };
      const home = await adopted(subject, {
        options: {
          wrap: (ports) => ({
            ...ports,
            secrets: {
              ...ports.secrets,
              putPending: async (...given) => {
                await ports.secrets.putPending(...given);
                if (moved.at === 1) await grantElsewhere(home.world, false);
                moved.at++;
              },
            },
          }),
        },
      });
      const { world, arn } = home;
      const first = currentOf(await recordOf(home))?.id;
      moved.at = 1;
      await send(world, arn, { kind: 'rotate' });
      await world.clock.advanceBy(5 * MINUTE);
      assert.equal(moved.at, 2);
      world.startSchedules();
      await world.clock.advanceBy(12 * HOUR);
      const token = await recordOf(home);
      for (const one of token.credentials)
        if (one.reach !== undefined && one.handle !== undefined)
          assert.ok(one.handle.includes(one.reach.account), `${one.handle} was made at ${one.reach.account}`);
      if (subject.id === 'okta') {
        assert.deepEqual([token.attempts[0]?.state, token.attempts[0]?.tidy], ['aborted', true]);
        assert.doesNotMatch(open(token).join('\n'), /formerly in the grant\.$/m);
      }
      assert.ok(first);
    });

    // Okta takes a value that was stored before: an attempt has one.
    if (subject.id !== 'okta')
      test('is each place at which a mint of one attempt was never answered', async () => {
        const lossy = { isOn: false };
        const wrap = (session: Session): Session =>
          session.kind === 'minting'
            ? {
                ...session,
                mint: async (request) => {
                  const made = await session.mint(request);
                  if (lossy.isOn) throw new KeyturnError('issuer-unreachable', 'Nobody answered.');
                  return made;
                },
              }
            : session;
        const late = await begun(subject, {
          options: { wrap: (ports) => ({ ...ports, issuers: sessionsThrough(ports.issuers, wrap) }) },
        });
        const { world } = late;
        const before = await liveHandles(world);
        lossy.isOn = true;
        assert.ok((await drive(world, () => stepOf(late, 'createSecret'))) !== undefined);
        await grantElsewhere(world, true);
        assert.ok((await drive(world, () => stepOf(late, 'createSecret'))) !== undefined);
        lossy.isOn = false;
        const lost = (await liveHandles(world)).filter((handle) => !before.includes(handle));
        assert.equal(lost.length, 2);
        await world.clock.advanceBy(30 * MINUTE);
        await drive(world, () => settleNow(late));
        const known = (await recordOf(late)).credentials.map((one) => one.handle);
        assert.deepEqual(
          lost.filter((handle) => !known.includes(handle)),
          [],
        );
      });

    test('is asked once its first host is confirmed, where no list names it', async () => {
      const home = await adoptedUnlisted(subject);
      assert.match(open(await recordOf(home)).join('\n'), /keyturn confirm-host/);
      await home.world.command({
        kind: 'confirm-host',
        tokenId: INSTALLATION_RECORD_ID,
        provider: subject.id,
        host: home.world.issuer.host,
        notAfter: home.world.clock.now() + MINUTE,
      });
      await send(home.world, home.arn, { kind: 'inspect' });
      const token = await recordOf(home);
      assert.deepEqual([open(token), token.validity?.outcome], [[], 'active']);
    });

    test('a project, application or user that is gone at the issuer leaves only its own date', async () => {
      const home = await inGrace(subject);
      await tamper(home, (token) => ({
        ...token,
        credentials: token.credentials.map((one) =>
          one.state === 'previous' ? { ...one, expiresAt: home.world.clock.now() + 2 * HOUR } : one,
        ),
      }));
      const old = oldOf(await recordOf(home));
      await grantElsewhere(home.world, false);
      home.world.startSchedules();
      await home.world.clock.advanceBy(DAY);
      const gone = (await recordOf(home)).credentials.find((one) => one.id === old.id);
      assert.deepEqual([gone?.state, gone?.proof], ['ended', 'expiry']);
    });

    test('a deleted secret is over once its credential ended by itself', async () => {
      const home = await adopted(subject);
      await tamper(home, (token) => ({
        ...token,
        credentials: token.credentials.map((one) => ({
          ...one,
          expiresAt: home.world.clock.now() + 2 * DAY,
        })),
      }));
      await home.world.client.send(
        new DeleteSecretCommand({ SecretId: home.arn, ForceDeleteWithoutRecovery: true }),
      );
      home.world.startSchedules();
      await home.world.clock.advanceBy(8 * HOUR);
      assert.match(open(await recordOf(home)).join('\n'), /^secret-deleted/);
      const { handle } = currentOf(await recordOf(home)) ?? {};
      await home.world.issuer.revokeByHand(handle ?? '');
      await home.world.clock.advanceBy(8 * HOUR);
      // Only GitLab goes on listing what was revoked: a list that leaves it out proves nothing.
      assert.equal(open(await recordOf(home)).length === 0, subject.id === 'gitlab');
      await home.world.clock.advanceBy(3 * DAY);
      assert.deepEqual(open(await recordOf(home)), []);
    });
  });

async function adoptedUnlisted(subject: (typeof SUBJECTS)[number]): ReturnType<typeof adopted> {
  const world = worldOf(subject, { allowedHosts: [] });
  await world.createAdminSecret([NAME]);
  const arn = await world.createToken(NAME, { value: await world.issuer.createByHand(NAME), tags: CALM });
  await world.reconcileNow();
  await world.clock.advanceBy(MINUTE);
  return { world, arn, subject };
}
