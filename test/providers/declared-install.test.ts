import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import type { ChoosingSession } from '../../functions/core/issuer/provider.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { descriptor } from '../../functions/providers/_template/descriptor.ts';
import type { Declaration } from '../../functions/providers/declared/declaration.ts';
import { Value, asBearer } from '../../functions/providers/declared/forms.ts';
import { declared } from '../../functions/providers/declared/index.ts';
import { onePage } from '../../functions/providers/declared/paging.ts';
import { AdminSecret } from '../../functions/providers/grants.ts';
import { testRandomness } from '../contracts/randomness.ts';
import { assertCode, rejection } from '../contracts/world.ts';

const Place = z.strictObject({ account: z.string() });
const Admin = z.strictObject({ token: AdminSecret });
type Sample = Declaration<z.output<typeof Admin>, z.output<typeof Place>, object>;

const Key = z.object({
  id: z.string(),
  state: z.enum(['active', 'disabled', 'expired', 'revoked']),
  value: Value,
});
type State = z.output<typeof Key>['state'];

const SAMPLE: Sample = {
  descriptor: {
    ...descriptor,
    found: 'value',
    value: 'keyturn',
    expiry: { settable: false, step: 'none' },
    slots: { count: 2, of: ['account'] },
  },
  admin: Admin,
  place: Place,
  grant: z.strictObject({}),
  account: ({ account }) => `a/${account}`,
  clientId: ({ account }) => `client-of-${account}`,
  id: /\w+/,
  as: ({ admin }) => asBearer(admin.token),
  create: {
    chooses: { bytes: 3 },
    path: () => '/keys',
    body: (value: Secret) => ({ json: { value: value.reveal() } }),
    entry: Key,
    refused: { status: 400, advice: 'look at the account' },
  },
  list: {
    path: () => '/keys',
    answer: z.array(Key),
    noAccount: ({ account }) => `There is no account ${account}.`,
    pages: onePage,
  },
  toggle: {
    method: 'POST',
    path: (_at, id, wanted) => `/keys/${id}/${wanted}`,
    entry: Key,
    beforeRevoke: true,
  },
  revoke: {
    method: 'DELETE',
    path: (_at, id) => `/keys/${id}`,
    done: { status: 204 },
    gone: [404],
    proof: 'answer',
    keepsLast: true,
  },
  check: { path: () => '/me', headers: asBearer, verdicts: () => [] },
  identify: { by: 'value' },
  examine: () => [],
  adminValues: ({ token }) => [token],
};

const VALUE = new Secret('chosen-value');
const HANDLE = 'x.example/a/b/7';
const key = (id: string, state: State, value = `value-${id}`) => ({ id, state, value });
const gone = (status: number) => new Response(null, { status });

/** A session with an issuer that lists keys, and answers what else it is asked as it is told. */
function opened(
  keys: readonly object[] | Response,
  answer: (method: string, path: string) => Response = () => gone(500),
  is: Sample = SAMPLE,
) {
  const asked: string[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    asked.push(`${request.method} ${pathname}`);
    if (request.method !== 'GET') return answer(request.method, pathname);
    return keys instanceof Response ? keys.clone() : Response.json(keys);
  };
  const admin = { url: 'https://x.example', token: 't', grants: [{ secret: 's', account: 'b' }] };
  const tools = { fetch, now: () => 0, sleep: async () => {}, uuid: () => crypto.randomUUID() };
  const session = declared(is).open(new Secret(JSON.stringify(admin)), 's', tools);
  assert.ok(session.kind === 'choosing');
  return { session: session satisfies ChoosingSession, asked };
}

describe('a declared value of our choice', () => {
  it('is all of its random bytes, and has the client beside it', () => {
    const { value, fields } = opened([]).session.choose({
      ...testRandomness(),
      bytes: (length) => new Uint8Array(length).fill(255),
    });
    assert.deepEqual([value.reveal(), fields], ['____', { client_id: 'client-of-b' }]);
  });

  it('is sent once where the list does not show it, and no more where it does', async () => {
    const fresh = opened([key('1', 'active')], () => Response.json(key('7', 'active')));
    assert.equal((await fresh.session.install(VALUE, {})).handle, HANDLE);
    assert.deepEqual(fresh.asked, ['GET /keys', 'POST /keys']);
    const known = opened([key('7', 'active', VALUE.reveal())]);
    assert.deepEqual(await known.session.install(VALUE, {}), {
      handle: HANDLE,
      state: 'active',
      active: true,
    });
    assert.deepEqual(known.asked, ['GET /keys']);
  });

  it('is not sent where all slots are taken, by disabled ones too, and is where one has ended', async () => {
    const full = opened([key('1', 'active'), key('2', 'disabled')]);
    assertCode(await rejection(full.session.install(VALUE, {})), 'credential-limit-reached', 'All 2 slots');
    assert.ok(!full.asked.includes('POST /keys'));
    for (const state of ['revoked', 'expired'] as const) {
      const { session } = opened([key('1', 'active'), key('2', state)], () =>
        Response.json(key('7', 'active')),
      );
      assert.equal((await session.install(VALUE, {})).active, true);
    }
    const filled: Sample = {
      ...SAMPLE,
      descriptor: { ...SAMPLE.descriptor, slots: { count: 2, of: ['account'], filledBy: ['expired'] } },
    };
    const expired = opened([key('1', 'active'), key('2', 'expired')], undefined, filled);
    assertCode(await rejection(expired.session.install(VALUE, {})), 'credential-limit-reached');
  });

  it('is refused, with advice, where the issuer refuses it and has room', async () => {
    for (const answer of [gone(400), Response.json({}), Response.json(key('7', 'disabled'))]) {
      const { session } = opened([key('1', 'active')], () => answer.clone());
      assertCode(await rejection(session.install(VALUE, {})), 'issuer-refused', 'look at the account');
    }
  });

  it('is enabled where the list shows it as disabled, and is no use where it has ended', async () => {
    const off = opened([key('7', 'disabled', VALUE.reveal())], () => Response.json(key('7', 'active')));
    assert.equal((await off.session.install(VALUE, {})).state, 'active');
    assert.deepEqual(off.asked, ['GET /keys', 'POST /keys/7/active']);
    const { toggle: _toggle, ...rest } = SAMPLE;
    for (const [is, state] of [
      [rest, 'disabled'],
      [SAMPLE, 'revoked'],
    ] as const) {
      const { session } = opened([key('7', state, VALUE.reveal())], undefined, is);
      assertCode(await rejection(session.install(VALUE, {})), 'issuer-refused', `as ${state}`, HANDLE);
    }
  });

  it('is told from the list alone', async () => {
    const { session } = opened([key('7', 'disabled', VALUE.reveal()), key('8', 'active')]);
    assert.equal((await session.identify(VALUE))?.handle, HANDLE);
    assert.equal(await session.identify(new Secret('another')), undefined);
    assert.ok(!JSON.stringify(await session.list()).includes(VALUE.reveal()));
  });
});

describe('a declared account', () => {
  it('that its issuer does not know is named, and is no empty list', async () => {
    const { session } = opened(gone(404));
    assertCode(await rejection(session.list()), 'issuer-refused', 'There is no account b.');
  });
});

describe('a declared revocation of what has to be disabled before', () => {
  const both = [key('1', 'active'), key('7', 'active')];

  it('disables, then ends; and only ends what is disabled', async () => {
    const answer = (method: string) =>
      method === 'DELETE' ? gone(204) : Response.json(key('7', 'disabled'));
    const active = opened(both, answer);
    await active.session.revoke(HANDLE);
    assert.deepEqual(active.asked, ['GET /keys', 'POST /keys/7/disabled', 'DELETE /keys/7']);
    const off = opened([key('1', 'active'), key('7', 'disabled')], answer);
    await off.session.revoke(HANDLE);
    assert.deepEqual(off.asked, ['GET /keys', 'DELETE /keys/7']);
  });

  it('ends nothing, and believes nothing, where it is not said to be disabled', async () => {
    for (const answer of [
      gone(204),
      Response.json(key('7', 'active')),
      Response.json(key('8', 'disabled')),
    ]) {
      const { session, asked } = opened(both, () => answer.clone());
      assertCode(await rejection(session.revoke(HANDLE)), 'issuer-response-invalid', 'lists it as active');
      assert.ok(!asked.includes('DELETE /keys/7'));
    }
  });

  it('is done where the issuer does not know it, and its list agrees', async () => {
    const { session } = opened([key('1', 'active')], () => gone(404));
    await session.revoke(HANDLE);
    assertCode(
      await rejection(opened(both, () => gone(404)).session.revoke(HANDLE)),
      'issuer-response-invalid',
    );
  });

  it('sends nothing for the last active one', async () => {
    for (const other of ['disabled', 'expired', 'revoked'] as const) {
      const { session, asked } = opened([key('1', other), key('7', 'active')]);
      assertCode(await rejection(session.revoke(HANDLE)), 'issuer-refused', 'no other active', HANDLE);
      assert.deepEqual(asked, ['GET /keys']);
    }
  });
});
