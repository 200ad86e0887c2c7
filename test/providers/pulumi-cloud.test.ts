import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { DAY } from '../../functions/core/basics/time.ts';
import { pulumiCloud } from '../../functions/providers/pulumi-cloud/index.ts';
import { pulumiCloudSimulator } from '../../lib/sandbox/issuers/pulumi-cloud.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { issue, marked, withSetup } from '../contracts/setup.ts';
import { contractOf } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(pulumiCloud, {
    accountFields: ['user', 'token'],
    made: { id: 'id', value: 'tokenValue' },
    adminCredentials: (admin: AdminJson) => admin['grants'].map((grant: AdminJson) => grant['token']),
    malformed: [
      {
        field: 'grants[0].user',
        breakIt: (admin, canary) => {
          admin['grants'][0].user = `${canary}/../x`;
        },
      },
      {
        field: 'grants[0].token',
        breakIt: (admin, canary) => {
          admin['grants'][0].token = { canary };
        },
      },
    ],
    mayCall: ({ path }) => /^\/api\/user(\/tokens(\/[0-9a-f-]{36})?)?$/.test(path),
  }),
  name: 'pulumi-cloud against its simulator',
  createIssuer: (clock) => pulumiCloudSimulator({ clock }),
};
defineProviderContract(CONTRACT);

const user = (githubLogin: string) => ({ id: 'x', githubLogin, name: 'Deployer' });

describe('pulumi-cloud', () => {
  for (const [name, status, body, outcome] of [
    ['its user', 200, user('deployer1'), 'active'],
    ['another user', 200, user('deployer2'), 'unknown'],
    ['a user without a name', 200, { id: 'x' }, 'unknown'],
    [
      'that it is invalid',
      401,
      { code: 401, message: 'Unauthorized: No credentials provided or are invalid.' },
      'inactive',
    ],
    ['something else', 401, { code: 401, message: 'Unauthorized' }, 'unknown'],
    ['that it lacks a right', 403, { code: 403, message: 'Forbidden' }, 'unknown'],
  ] as const)
    it(`takes a token for ${outcome} to which Pulumi Cloud says ${name}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json(body, { status }));
        assert.equal((await session.probe(value)).outcome, outcome);
      }));

  it('names the version of the API in every call, and the word before the token', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { handle, value } = await issue(session, marked(1));
      await session.probe(value);
      await session.revoke(handle);
      assert.ok(world.sent.length > 3);
      for (const { text } of world.sent) {
        assert.match(text, /^accept: application\/vnd\.pulumi\+8$/m);
        assert.match(text, /^authorization: token pul-/m);
      }
    }));

  it('asks for the second in which a token ends, and never for one without an end', () =>
    withSetup(CONTRACT, async ({ session, world, clock }) => {
      const end = clock.now() + 3 * DAY;
      await issue(session, marked(1), end);
      await issue(session, marked(2));
      const asked = world.sent.flatMap(({ text }) => /"expires":(\d+)/.exec(text)?.[1] ?? []);
      assert.deepEqual(
        asked,
        [end, clock.now() + 60 * DAY].map((at) => String(at / 1_000)),
      );
    }));

  it('shows a token of a person as one without an end', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const token = { id: 'x', description: 'laptop', created: '2026-03-01T10:00:00.000Z', expires: 0 };
      world.intercept(() => Response.json({ tokens: [token] }));
      const [entry] = await session.list();
      assert.ok(entry?.active && entry.name === 'laptop' && !('expiresAt' in entry));
    }));

  it('calls the admin credential of another user unknown', () =>
    withSetup(CONTRACT, async ({ admin, world }) => {
      const [first, second] = admin['grants'];
      const text = JSON.stringify({ ...admin, grants: [{ ...first, token: second.token }] });
      const probe = await pulumiCloud.examine(new Secret(text), world.tools);
      assert.ok(probe.outcome === 'unknown' && probe.reason.includes('another user'));
    }));
});
