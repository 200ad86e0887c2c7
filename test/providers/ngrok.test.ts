import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ngrok } from '../../functions/providers/ngrok/index.ts';
import { ngrokSimulator } from '../../lib/sandbox/issuers/ngrok.ts';
import { defineProviderContract, type ProviderContract } from '../contracts/provider.ts';
import { issue, marked, withSetup } from '../contracts/setup.ts';
import { everythingIn, rejection } from '../contracts/world.ts';
import { contractOf } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(ngrok, {
    accountFields: ['owner'],
    made: { id: 'id', value: 'token' },
    mayCall: ({ path, text }, account) =>
      text.includes('ngrok-version: 2') &&
      (path === `/service_users/${account.split('/').at(-1)}` || /^\/api_keys(?=$|[/?])/.test(path)),
  }),
  name: 'ngrok against its simulator',
  createIssuer: (clock) => ngrokSimulator({ clock }),
};

defineProviderContract(CONTRACT);

describe('ngrok', () => {
  it('reads all pages, and keeps what is of the service user', () =>
    withSetup(CONTRACT, async ({ session, other, world }) => {
      for (let index = 0; index < 103; index++) {
        await issue(session, `keyturn-${index}`);
        await issue(other, `other-${index}`);
      }
      world.sent.length = 0;
      const names = new Set((await session.list()).map(({ name }) => name));
      assert.equal(names.size, 103);
      assert.ok([...names].every((name) => name?.startsWith('keyturn-')));
      assert.equal(world.sent.length, 3);
    }));

  it('takes no page for the last one that does not say so', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      world.intercept(() => Response.json({ keys: [], uri: 'https://api.ngrok.com/api_keys' }));
      await rejection(session.list());
    }));

  it('tells of a key that belongs to somebody else than was asked', () =>
    withSetup(CONTRACT, async ({ session, issuer, world }) => {
      assert.ok(session.kind === 'minting');
      for (const owner of ['usr_admin', undefined]) {
        world.intercept(async (request) => {
          const made = JSON.parse(await (await issuer.fetch(request.clone())).text());
          return Response.json({ ...made, owner_id: owner }, { status: 201 });
        });
        const { differs } = await session.mint({ marker: marked(1), expiresAt: undefined });
        assert.equal(differs, 'another owner');
      }
    }));

  it('revokes no key of another service user, even with its id', () =>
    withSetup(CONTRACT, async ({ session, other }) => {
      const { handle, value } = await issue(other, marked(1));
      await session.revoke(`${session.account}/${handle.split('/').at(-1)}`);
      assert.equal((await other.probe(value)).outcome, 'active');
    }));

  for (const [code, status, outcome] of [
    ['ERR_NGROK_202', 403, 'inactive'],
    ['ERR_NGROK_203', 403, 'inactive'],
    ['ERR_NGROK_206', 403, 'unknown'],
    ['ERR_NGROK_200', 403, 'unknown'],
    ['ERR_NGROK_302', 403, 'unknown'],
    ['ERR_NGROK_203', 400, 'unknown'],
  ] as const)
    it(`takes a key for ${outcome} that is refused with ${status} ${code}, and repeats no word of it`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() =>
          Response.json(
            { error_code: code, status_code: status, msg: `Your key: ${value.reveal()}` },
            { status },
          ),
        );
        const probe = await session.probe(value);
        assert.equal(probe.outcome, outcome);
        assert.ok(!JSON.stringify(probe).includes(value.reveal()));
        assert.ok(!everythingIn(await rejection(session.list())).includes(value.reveal()));
      }));

  it('takes a key of a service user that is not active for no good one', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { value } = await issue(session, marked(1));
      const id = session.account.split('/').at(-1);
      for (const user of [
        { id, active: false },
        { id: `${id}x`, active: true },
      ]) {
        world.intercept(() => Response.json(user));
        assert.equal((await session.probe(value)).outcome, 'unknown');
      }
    }));
});
