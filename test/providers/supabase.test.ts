import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { Secret } from '../../functions/core/basics/secret.ts';
import { supabase } from '../../functions/providers/supabase/index.ts';
import { supabaseSimulator } from '../../lib/sandbox/issuers/supabase.ts';
import { defineProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, marked, withSetup, type ProviderContract, type Setup } from '../contracts/setup.ts';
import { assertCode, everythingIn, rejection } from '../contracts/world.ts';
import { contractOf } from './contract-of.ts';

const KEYS = /^\/v1\/(projects\/[a-z]{20})\/api-keys(\?reveal=(true|false)|\/[0-9a-f-]{36})?$/;
const NOBODY = '/auth/v1/admin/users/00000000-0000-4000-8000-000000000000';

const CONTRACT: ProviderContract = {
  ...contractOf(supabase, {
    accountFields: ['project'],
    made: { id: 'id', value: 'api_key' },
    refusalIsUnknown: true,
    mayCall: ({ path, host }, account) =>
      path === NOBODY
        ? host.startsWith(`${account.slice(-20)}.`)
        : account.endsWith(`/${KEYS.exec(path)?.[1]}`),
  }),
  name: 'supabase against its simulator',
  createIssuer: (clock) => supabaseSimulator({ clock }),
};
defineProviderContract(CONTRACT);

const Keys = z.array(z.record(z.string(), z.unknown()));

/** Has the issuer list keys otherwise. */
function shown({ issuer, world }: Setup, change: (keys: z.infer<typeof Keys>) => unknown): void {
  world.intercept(async (request) =>
    new URL(request.url).search === '?reveal=false'
      ? Response.json(change(Keys.parse(await (await issuer.fetch(request.clone())).json())))
      : undefined,
  );
}

const gateway = (message: string, hint: string) => ({ message, hint });
const auth = (code: number, error_code: string, msg: string) => ({ code, error_code, msg });
const HINT = 'Double check the provided API key as it is not registered for this project.';

describe('supabase', () => {
  for (const [status, body, outcome] of [
    [404, auth(404, 'user_not_found', 'User not found'), 'active'],
    [404, auth(404, 'validation_failed', 'user_id must be an UUID'), 'unknown'],
    [403, auth(403, 'user_not_found', 'User from sub claim in JWT does not exist'), 'unknown'],
    [403, auth(403, 'not_admin', 'User not allowed'), 'unknown'],
    [403, auth(403, 'bad_jwt', 'invalid JWT: unable to parse or verify signature'), 'unknown'],
    [401, gateway('Unregistered API key', HINT), 'inactive'],
    [401, gateway('Unregistered API key', 'Try again.'), 'unknown'],
    [
      401,
      gateway('Invalid API key', 'Double check your Supabase `anon` or `service_role` API key.'),
      'unknown',
    ],
    [401, gateway('Forbidden use of secret API key in browser', 'Secret API keys'), 'unknown'],
    [401, gateway('No API key found in request', 'No `apikey` request header was found.'), 'unknown'],
    [403, gateway('Unregistered API key', HINT), 'unknown'],
    [200, { id: '00000000-0000-4000-8000-000000000000' }, 'unknown'],
  ] as const)
    it(`takes a key for ${outcome} that is answered ${status} with ${JSON.stringify(body)}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json(body, { status }));
        assert.equal((await session.probe(value)).outcome, outcome);
      }));

  it('says why the key of another role is none of its own', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { value } = await issue(session, marked(1));
      world.intercept(() => Response.json(auth(403, 'not_admin', 'User not allowed'), { status: 403 }));
      const probe = await session.probe(value);
      assert.ok(probe.outcome === 'unknown' && probe.reason.includes('another role'));
    }));

  it('asks the project of the grant about a key, with the key in its own header alone', () =>
    withSetup(CONTRACT, async ({ session, other, world, admin }) => {
      const { value } = await issue(session, marked(1));
      world.sent.length = 0;
      assert.equal((await session.probe(value)).outcome, 'active');
      assert.equal((await other.probe(value)).outcome, 'inactive');
      const hosts = admin['grants'].map(
        ({ project }: { project: string }) => `${project}.supabase.keyturn.test`,
      );
      assert.deepEqual(
        world.sent.map(({ host }) => host),
        hosts,
      );
      for (const { text } of world.sent) {
        assert.ok(text.includes(`apikey: ${value.reveal()}`));
        assert.ok(!/^authorization:/m.test(text));
      }
    }));

  it('finds the projects of api.supabase.com below supabase.co', () =>
    withSetup(CONTRACT, async ({ admin, world }) => {
      const text = new Secret(JSON.stringify({ ...admin, url: 'https://api.supabase.com' }));
      world.intercept(() => new Response(null, { status: 404 }));
      await supabase.open(text, SECRET, world.tools).probe(new Secret('v'));
      await supabase.examine(text, world.tools);
      const hosts = world.sent.map(({ host }) => host);
      assert.equal(hosts[0], `${admin['grants'][0].project}.supabase.co`);
      assert.deepEqual([...new Set(hosts.slice(1))], ['api.supabase.com']);
    }));

  it('asks for a secret key of one role, under a name of Supabase, and has its value shown alone', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      await issue(session, marked(1));
      const [sent] = world.sent;
      assert.match(sent?.path ?? '', /\?reveal=true$/);
      assert.deepEqual(JSON.parse(sent?.text.split('\n').at(-1) ?? ''), {
        type: 'secret',
        name: marked(1).replaceAll('-', '_'),
        secret_jwt_template: { role: 'service_role' },
      });
      world.sent.length = 0;
      await session.list();
      assert.deepEqual(
        world.sent.map(({ path }) => new URL(path, 'https://x').search),
        ['?reveal=false'],
      );
    }));

  it('gives markers back as they were, and other names as they are', () =>
    withSetup(CONTRACT, async (setup) => {
      await issue(setup.session, marked(1));
      await setup.issuer.createByHand(SECRET);
      shown(setup, (keys) =>
        keys.map((key) => (key['name'] === 'made by hand' ? { ...key, name: 'ci_key_1' } : key)),
      );
      assert.deepEqual(
        (await setup.session.list()).map(({ name }) => name),
        [marked(1), 'ci_key_1'],
      );
    }));

  it('takes a value with dots in it for one that is not shown', () =>
    withSetup(CONTRACT, async ({ session, world, issuer }) => {
      assert.ok(session.kind === 'minting');
      world.intercept(async (request) => {
        if (request.method !== 'POST') return undefined;
        const made = Object(await (await issuer.fetch(request.clone())).json());
        return Response.json({ ...made, api_key: `sb_secret_abcde${'·'.repeat(26)}` }, { status: 201 });
      });
      const { differs } = await session.mint({ marker: marked(1), expiresAt: undefined });
      assert.equal(differs, 'no value');
    }));

  it('tells of a key of another role than was asked for', () =>
    withSetup(CONTRACT, async ({ session, world, issuer }) => {
      assert.ok(session.kind === 'minting');
      world.intercept(async (request) => {
        const made = Object(await (await issuer.fetch(request.clone())).json());
        return Response.json({ ...made, secret_jwt_template: { role: 'authenticated' } }, { status: 201 });
      });
      const { differs } = await session.mint({ marker: marked(1), expiresAt: undefined });
      assert.equal(differs, 'other scopes');
    }));

  it('leaves out keys of other types, whose values go no further, and takes no unknown type for one', () =>
    withSetup(CONTRACT, async (setup) => {
      await issue(setup.session, marked(1));
      const list = await setup.session.list();
      assert.equal(list.length, 1);
      assert.ok(!/eyJ|sb_publishable|sb_secret/.test(everythingIn(list)));
      for (const type of ['internal', null]) {
        shown(setup, (keys) => keys.map((key) => ({ ...key, type })));
        assertCode(await rejection(setup.session.list()), 'issuer-response-invalid');
      }
      shown(setup, (keys) => keys.map((key) => (key['type'] === 'secret' ? { ...key, id: null } : key)));
      assertCode(await rejection(setup.session.list()), 'issuer-response-invalid');
    }));

  for (const [name, prefix] of [
    ['nothing', null],
    ['the fixed start alone', 'sb_secret_'],
    ['too little of it', 'sb_secret_abc'],
    ['something else', 'tbn2D'],
  ] as const)
    it(`says of no value whose it is where the list shows ${name}`, () =>
      withSetup(CONTRACT, async (setup) => {
        const { value } = await issue(setup.session, marked(1));
        shown(setup, (keys) => keys.map((key) => ({ ...key, prefix })));
        assert.equal(await setup.session.identify(value), undefined);
      }));

  it('says of no value whose it is that begins like two keys', () =>
    withSetup(CONTRACT, async (setup) => {
      const { value } = await issue(setup.session, marked(1));
      await issue(setup.session, marked(2));
      const prefix = value.reveal().slice(0, 15);
      shown(setup, (keys) => keys.map((key) => ({ ...key, prefix })));
      assert.equal(await setup.session.identify(value), undefined);
    }));

  it('takes a deletion for done by the key that was alone, else by its list', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { handle } = await issue(session, marked(1));
      const id = handle.split('/').at(-1);
      for (const body of [{}, { id: 'x', type: 'secret' }, { id, type: 'publishable' }]) {
        world.intercept((request) => (request.method === 'DELETE' ? Response.json(body) : undefined));
        await rejection(session.revoke(handle));
      }
      world.intercept(undefined);
      await session.revoke(handle);
      assert.deepEqual(await session.list(), []);
    }));

  it('takes no admin token for a good one that may not see the keys of one of the projects', () =>
    withSetup(CONTRACT, async ({ admin, world }) => {
      const second = admin['grants'][1].project;
      world.intercept((request) =>
        request.url.includes(second)
          ? Response.json({ message: 'Forbidden resource' }, { status: 403 })
          : undefined,
      );
      const probe = await supabase.examine(new Secret(JSON.stringify(admin)), world.tools);
      assert.equal(probe.outcome, 'unknown');
    }));
});
