import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as z from 'zod';
import { googleIam } from '../../functions/providers/google-iam/index.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { googleIamSimulator } from '../../lib/sandbox/issuers/google-iam.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, listing, marked, withSetup } from '../contracts/setup.ts';
import { assertCode, everythingIn, rejection } from '../contracts/world.ts';
import { contractOf } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(googleIam, {
    accountFields: ['serviceAccount'],
    made: { id: 'name', value: 'privateKeyData' },
    logsIn: true,
    adminCredentials: (admin: AdminJson) => [admin['key_base64']],
    malformed: [
      {
        field: 'key_base64',
        breakIt: (admin, canary) => {
          admin['key_base64'] = { canary };
        },
      },
      {
        field: 'grants[0].serviceAccount',
        breakIt: (admin, canary) => {
          admin['grants'][0].serviceAccount = `${canary}/../x`;
        },
      },
    ],
    mayCall: ({ host, method, path }, account) =>
      host.startsWith('oauth2.')
        ? method === 'POST' && path === '/token'
        : decodeURIComponent(path).startsWith(
            `/v1/projects/acme-prod/serviceAccounts/${account.split('/').at(-1)}/keys`,
          ),
  }),
  name: 'google-iam against its simulator',
  createIssuer: (clock) => googleIamSimulator({ clock }),
};

defineProviderContract(CONTRACT);

const File = z.record(z.string(), z.string());
const fileIn = (value: Secret) => File.parse(JSON.parse(Buffer.from(value.reveal(), 'base64').toString()));
const valueOf = (file: object) => new Secret(Buffer.from(JSON.stringify(file)).toString('base64'));

it('never sends a key: it signs', () =>
  withSetup(CONTRACT, async ({ session, world, admin }) => {
    const { value, handle } = await issue(session, marked(0));
    await session.probe(value);
    await session.identify(value);
    await session.revoke(handle);
    const { private_key: pem = '' } = fileIn(value);
    const line = pem.split('\n')[1] ?? '';
    assert.ok(line.length > 40);
    for (const text of [line, value.reveal(), admin['key_base64']])
      for (const sent of world.sent) assert.ok(!sent.text.includes(String(text)), sent.path);
    world.sent.length = 0;
    assert.deepEqual(await session.probe(new Secret('canary-0001')), { outcome: 'inactive' });
    assert.ok(world.sent.length > 0 && world.sent.every((sent) => !sent.text.includes('canary')));
  }));

it('takes the key of another service account for none of its own, and never for a refused one', () =>
  withSetup(CONTRACT, async ({ session, other }) => {
    const { value } = await issue(other, marked(0));
    const probe = await session.probe(value);
    assert.ok(probe.outcome === 'unknown' && probe.reason.includes('another identity'));
  }));

it('asks at the host of the admin secret, whatever a key file says', () =>
  withSetup(CONTRACT, async ({ session, world }) => {
    const { value } = await issue(session, marked(0));
    const probe = await session.probe(
      valueOf({ ...fileIn(value), token_uri: 'https://thief.example/token' }),
    );
    assert.equal(probe.outcome, 'active');
    assert.ok(world.sent.every(({ host }) => host.endsWith('.keyturn.test')));
  }));

it('calls a key inactive that is disabled, and lists it as disabled', () =>
  withSetup(CONTRACT, async ({ session }) => {
    const { value, handle } = await issue(session, marked(0));
    await session.toggle?.disable(handle);
    assert.deepEqual(await session.probe(value), { outcome: 'inactive' });
    assert.deepEqual(
      (await session.list()).map(({ state }) => state),
      ['disabled'],
    );
  }));

it('takes no other word of the token endpoint for one about the key', () =>
  withSetup(CONTRACT, async ({ session, world }) => {
    const { value } = await issue(session, marked(0));
    const answers = [
      [400, 'invalid_grant', 'Invalid JWT: Token must be a short-lived token (60 minutes)'],
      [400, 'invalid_grant', 'Invalid grant: account not found'],
      [401, 'invalid_client', 'The OAuth client was disabled.'],
      [401, 'invalid_grant', 'Invalid JWT Signature.'],
      [400, 'unauthorized_client', 'Invalid JWT Signature.'],
    ] as const;
    for (const [status, error, description] of answers) {
      world.intercept(() => Response.json({ error, error_description: description }, { status }));
      assert.equal((await session.probe(value)).outcome, 'unknown', description);
    }
  }));

it('signs within the hour that Google allows, by its own clock', () =>
  withSetup(CONTRACT, async ({ session, clock }) => {
    const { value } = await issue(session, marked(0));
    await clock.advanceBy(90 * 24 * 3_600_000);
    assert.equal((await session.probe(value)).outcome, 'active');
  }));

it('tells an end that a policy of the organization gave to a key', () =>
  withSetup(CONTRACT, async ({ session, world, issuer }) => {
    await issue(session, marked(0));
    world.intercept(async (request) => {
      const text = await (await issuer.fetch(request.clone())).text();
      return new Response(text.replace('9999-12-31T23:59:59Z', '2026-03-09T10:17:30Z'));
    });
    assert.deepEqual(
      (await session.list()).map(({ expiresAt }) => expiresAt),
      [Date.parse('2026-03-09T10:17:30Z')],
    );
  }));

it('says that Google refuses the admin key at the login, without the key', () =>
  withSetup(CONTRACT, async ({ admin, world }) => {
    const text = JSON.stringify({ ...admin, key_base64: 'canary-key-0001' });
    const session = listing(googleIam.open(new Secret(text), SECRET, world.tools));
    const error = await rejection(session.list());
    assertCode(error, 'issuer-refused', '/token', 'does not accept the admin key');
    assert.ok(!everythingIn(error).includes('canary'));
  }));

it('gives up a key that was made for another service account', () =>
  withSetup(CONTRACT, async ({ session, world, issuer }) => {
    world.intercept(async (request) => {
      if (!request.url.endsWith('/keys')) return undefined;
      const text = await (await issuer.fetch(request.clone())).text();
      return new Response(text.replace('serviceAccounts/robot-1@', 'serviceAccounts/robot-9@'));
    });
    assert.ok(session.kind === 'minting');
    const made = await session.mint({ marker: marked(0), expiresAt: undefined });
    assert.equal(made.differs, 'another service account');
  }));

it('takes an answer without any key for no list, since Google has one of its own in each account', () =>
  withSetup(CONTRACT, async ({ session, world }) => {
    assert.deepEqual(await session.list(), []);
    for (const answer of [{}, { keys: [] }]) {
      world.intercept(() => Response.json(answer));
      assertCode(await rejection(session.list()), 'issuer-response-invalid');
    }
  }));
