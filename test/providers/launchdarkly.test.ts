import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { Secret } from '../../functions/core/basics/secret.ts';
import { launchdarkly } from '../../functions/providers/launchdarkly/index.ts';
import { launchdarklySimulator } from '../../lib/sandbox/issuers/launchdarkly.ts';
import { defineProviderContract, type ProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, marked, withSetup } from '../contracts/setup.ts';
import { assertCode, rejection } from '../contracts/world.ts';
import { contractOf, tokenInGrants } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(launchdarkly, {
    ...tokenInGrants('account'),
    made: { id: '_id', value: 'token' },
    mayCall: ({ path }) => /^\/api\/v2\/(caller-identity$|tokens(?=$|[/?]))/.test(path),
  }),
  name: 'launchdarkly against its simulator',
  createIssuer: (clock) => launchdarklySimulator({ clock }),
};

defineProviderContract(CONTRACT);

const Made = z.looseObject({ _id: z.string() });

describe('launchdarkly', () => {
  it('takes the token of another account for none of its own', () =>
    withSetup(CONTRACT, async ({ session, other }) => {
      const { value } = await issue(other, marked(1));
      const probe = await session.probe(value);
      assert.ok(probe.outcome === 'unknown' && probe.reason.includes('another account'));
    }));

  it('makes service tokens with the role of the grant, or with its custom roles', () =>
    withSetup(CONTRACT, async ({ session, other, world }) => {
      for (const [one, rights] of [
        [session, { role: 'reader' }],
        [other, { customRoleIds: ['c'.repeat(24)] }],
      ] as const) {
        assert.ok(one.kind === 'minting');
        world.sent.length = 0;
        const { differs } = await one.mint({ marker: marked(1), expiresAt: undefined });
        assert.equal(differs, undefined);
        const body = JSON.parse(world.sent[0]?.text.split('\n').at(-1) ?? '');
        assert.deepEqual(body, {
          name: marked(1),
          serviceToken: true,
          defaultApiVersion: 20_240_415,
          ...rights,
        });
      }
    }));

  for (const [name, changed, says] of [
    ['a personal token', { serviceToken: false }, 'service token'],
    ['one of another version of the API', { defaultApiVersion: 20_220_603 }, 'version of the API'],
    ['one with more roles', { customRoleIds: ['d'.repeat(24)] }, 'other scopes'],
    ['one with a policy of its own', { inlineRole: [{ effect: 'allow' }] }, 'other scopes'],
    ['one without a role', { role: undefined }, 'other scopes'],
  ] as const)
    it(`tells of ${name} where another was asked for`, () =>
      withSetup(CONTRACT, async ({ session, issuer, world }) => {
        assert.ok(session.kind === 'minting');
        world.intercept(async (request) => {
          const made = Made.parse(await (await issuer.fetch(request.clone())).json());
          return Response.json({ ...made, ...changed }, { status: 201 });
        });
        const { differs } = await session.mint({ marker: marked(1), expiresAt: undefined });
        assert.ok(differs?.includes(says), differs);
      }));

  it('reads all pages, up to an empty one', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      for (let index = 0; index < 203; index++) await issue(session, `keyturn-${index}`);
      world.sent.length = 0;
      assert.equal(new Set((await session.list()).map(({ name }) => name)).size, 203);
      assert.equal(world.sent.length, 4);
    }));

  for (const message of ['Invalid account ID header', 'invalid session', ''])
    it(`takes a refusal with the words "${message}" for no verdict on a token`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json({ code: 'unauthorized', message }, { status: 401 }));
        assert.equal((await session.probe(value)).outcome, 'unknown');
      }));

  for (const [name, change] of [
    ['no role at all', { role: undefined }],
    ['a role and custom roles', { customRoleIds: ['c'.repeat(24)] }],
  ] as const)
    it(`refuses a grant with ${name}`, () =>
      withSetup(CONTRACT, async ({ admin, world }) => {
        Object.assign(admin['grants'][0], change);
        const text = new Secret(JSON.stringify(admin));
        const opening = Promise.resolve().then(() => launchdarkly.open(text, SECRET, world.tools));
        assertCode(await rejection(opening), 'admin-invalid', 'grants[0].role', 'customRoleIds');
      }));
});
