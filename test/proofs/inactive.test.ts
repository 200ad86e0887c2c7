import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { credentialOf } from '../../functions/core/token/lookups.ts';
import type { Credential } from '../../functions/core/token/credential.ts';
import type { Token } from '../../functions/core/token/token.ts';
import type { World } from '../world/world.ts';
import { inTurn } from '../extent.ts';
import {
  CALM,
  GRACE_OVER,
  SUBJECTS,
  adopted,
  credentialIn,
  drive,
  inGrace,
  oldOf,
  passAfterClaim,
  recordOf,
  send,
  tamper,
  type Home,
} from './home.ts';
import { endsWithin } from './leaks.ts';

function open(token: Token): string[] {
  return token.findings.filter((one) => one.state === 'open').map((one) => `${one.kind}: ${one.detail}`);
}

/**
 * From now on the issuer, or somebody before it, answers some requests otherwise; undefined for those that it
 * answers itself.
 */
function answering(world: World, answer: (request: Request) => Response | undefined): void {
  const real = world.issuer.fetch.bind(world.issuer);
  world.issuer.fetch = async (request) => answer(request.clone()) ?? real(request);
}

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}

async function credential(home: Home, id: string): Promise<Credential | undefined> {
  return credentialOf(await recordOf(home), id);
}

/**
 * A home whose old credential Keyturn cannot revoke: the guard finds another name, or the issuer refuses;
 * and which a person then revokes by hand.
 */
async function refusedThenRevoked(
  subject: (typeof SUBJECTS)[number],
): Promise<{ home: Home; old: Credential }> {
  const home = await inGrace(subject);
  const { world } = home;
  const old = oldOf(await recordOf(home));
  const isRevoke = (request: Request): boolean =>
    request.method === 'DELETE' || request.url.includes('/lifecycle/deactivate');
  answering(world, (request) => (isRevoke(request) ? json(405, { message: 'not here' }) : undefined));
  await world.clock.advanceBy(GRACE_OVER);
  await send(world, home.arn, { kind: 'retire', credentialId: old.id });
  await passAfterClaim(world);
  await send(world, home.arn, { kind: 'retire', credentialId: old.id });
  assert.match(open(await recordOf(home)).join('\n'), /^revocation-blocked/);
  await world.issuer.revokeByHand(old.handle ?? '');
  return { home, old };
}

for (const subject of inTurn(SUBJECTS, import.meta.filename))
  describe(`inactive without a revoke of ours, ${subject.id}`, () => {
    test('is one that a person revoked after our refused revoke, by its value or by the list', async () => {
      const { home, old } = await refusedThenRevoked(subject);
      home.world.startSchedules();
      await home.world.clock.advanceBy(4 * HOUR);
      const ended = await credential(home, old.id);
      assert.deepEqual(
        [ended?.state, ended?.proof, open(await recordOf(home))],
        ['ended', subject.id === 'gitlab' ? 'list' : 'value', []],
      );
    });

    test('is nothing that a gateway says of its value', async () => {
      const { home, old } = await refusedThenRevoked(subject);
      answering(home.world, () => json(401, { message: 'Unauthorized' }));
      home.world.startSchedules();
      await home.world.clock.advanceBy(2 * DAY);
      assert.equal((await credential(home, old.id))?.state, 'revoking');
    });

    test('is not what is refused while nothing shows that the account answers', async () => {
      const { home, old } = await refusedThenRevoked(subject);
      const current = await credentialIn(home.world, await home.world.read(home.arn));
      await home.world.issuer.revokeByHand(current.handle);
      const admin = `keyturn/admin/${home.world.provider}`;
      const text = home.world.issuer
        .adminSecret(['prod/app/token'])
        .replace(/"(token|password)":"[^"]+"/g, '"$1":"wrong-credential-0123456789"');
      await home.world.client.send(new PutSecretValueCommand({ SecretId: admin, SecretString: text }));
      home.world.startSchedules();
      await home.world.clock.advanceBy(DAY);
      assert.equal((await credential(home, old.id))?.state, 'revoking');
    });

    test(
      'is an exposed one only as long as its issuer refuses it: it is asked again, and accepted goes ' +
        'back to its end',
      async () => {
        const home = await adopted(subject, { tags: CALM });
        const { world, arn } = home;
        world.startSchedules();
        const first = await credentialIn(world, await world.read(arn));
        await report(home);
        await world.clock.advanceBy(endsWithin(subject));
        const leaked = (await recordOf(home)).credentials.find((one) => one.handle === first.handle);
        assert.deepEqual([leaked?.state, leaked?.askAgain?.asked], ['ended', 1], JSON.stringify(leaked));
        assert.ok(
          (await world.labels(arn)).get(leaked?.id ?? '')?.some((label) => label.startsWith('keyturn-pin-')),
          'its version stays',
        );
        await tamper(home, (token) => ({
          ...token,
          credentials: token.credentials.map((one) =>
            one.id === leaked?.id ? { ...one, askAgain: { at: world.clock.now(), asked: 1 } } : one,
          ),
        }));
        const asItIs = world.issuer.fetch.bind(world.issuer);
        revive(world, first.value);
        await send(world, arn, { kind: 'retire', credentialId: leaked?.id ?? '' });
        const again = await recordOf(home);
        assert.notEqual(credentialOf(again, leaked?.id ?? '')?.state, 'ended');
        assert.ok(world.facts.some((fact) => fact.type === 'lifecycle' && fact.what === 'active-again'));
        world.issuer.fetch = asItIs;
        await world.clock.advanceBy(3 * HOUR);
        assert.equal(credentialOf(await recordOf(home), leaked?.id ?? '')?.state, 'ended');
        const told = (what: string): number =>
          new Set(
            world.facts.filter((fact) => fact.type === 'lifecycle' && fact.what === what).map(({ id }) => id),
          ).size;
        // GitLab's list says at once that it is revoked, so that it is not done once more.
        assert.deepEqual(
          [told('revocation-verified'), told('revoked')],
          [2, subject.id === 'gitlab' ? 1 : 2],
          'each time is told',
        );
      },
    );

    test('is asked about to its last date, and then its version is let go', async () => {
      const home = await adopted(subject, { tags: CALM });
      const { world, arn } = home;
      world.startSchedules();
      const first = await credentialIn(world, await world.read(arn));
      await report(home);
      await world.clock.advanceBy(9 * DAY);
      const leaked = (await recordOf(home)).credentials.find((one) => one.handle === first.handle);
      assert.deepEqual([leaked?.state, leaked?.askAgain?.asked], ['ended', 3]);
      await world.clock.advanceBy(23 * DAY);
      const over = (await recordOf(home)).credentials.find((one) => one.handle === first.handle);
      assert.equal(over?.askAgain, undefined);
      assert.ok(
        ![...(await world.labels(arn))].some(
          ([id, labels]) => id === leaked?.id && labels.some((label) => label.startsWith('keyturn-pin-')),
        ),
      );
    });
  });

/** Somebody says that the token is out, and the answer runs. */
async function report({ world, arn }: Home): Promise<void> {
  const at = world.clock.now();
  await drive(world, () =>
    world.command({
      kind: 'compromise',
      tokenId: tokenIdOf(arn),
      source: 'a scanner',
      reportedAt: at,
      notAfter: at + HOUR,
    }),
  );
}

/** The issuer takes a value again that it had refused. */
function revive(world: World, value: string): void {
  answering(world, (request) => {
    if (!isAbout(request, value)) return undefined;
    switch (world.provider) {
      case 'gitlab':
        return json(200, {
          id: 1001,
          name: 'again',
          active: true,
          revoked: false,
          created_at: '2026-01-01T00:00:00Z',
          expires_at: null,
          last_used_at: null,
          scopes: ['read_api'],
          user_id: 1,
        });
      case 'okta':
        return json(200, { active: false });
      default:
        return json(200, { tfa: false, name: userIn(world), email: 'a@b.c', email_verified: false });
    }
  });
}

function isAbout(request: Request, value: string): boolean {
  const headers = [request.headers.get('private-token'), request.headers.get('authorization')].map(
    (one) => one ?? '',
  );
  return headers.some(
    (header) =>
      header.includes(value) ||
      Buffer.from(header.replace(/^Basic /i, ''), 'base64')
        .toString()
        .includes(encodeURIComponent(value)),
  );
}

function userIn(world: World): string {
  return /"user":"([^"]+)"/.exec(world.issuer.adminSecret(['prod/app/token']))?.[1] ?? '';
}

describe('a project that is gone', () => {
  test('keeps no token from its end: its values are refused, the admin credential is accepted', async () => {
    const [gitlab] = SUBJECTS.filter((one) => one.id === 'gitlab');
    assert.ok(gitlab);
    const home = await inGrace(gitlab);
    answering(home.world, (request) => {
      const { pathname } = new URL(request.url);
      if (pathname.includes('/projects/101')) return json(404, { message: '404 Project Not Found' });
      return pathname.endsWith('/self') && request.headers.get('private-token') !== adminToken(home.world)
        ? json(401, { message: '401 Unauthorized' })
        : undefined;
    });
    await home.world.clock.advanceBy(MINUTE);
    await send(home.world, home.arn, { kind: 'end', how: 'retire' });
    home.world.startSchedules();
    await home.world.clock.advanceBy(MINUTE);
    assert.equal((await recordOf(home)).ending?.endedAt, undefined, 'one refusal is none');
    await home.world.clock.advanceBy(6 * HOUR);
    const token = await recordOf(home);
    assert.deepEqual(
      [token.ending?.endedAt === undefined, token.credentials.map((one) => one.proof), open(token)],
      [false, ['value', 'value'], []],
    );
  });
});

function adminToken(world: World): string {
  return /"token":"([^"]+)"/.exec(world.issuer.adminSecret(['prod/app/token']))?.[1] ?? '';
}
