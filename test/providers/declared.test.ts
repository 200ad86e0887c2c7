import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import type { MintingSession } from '../../functions/core/issuer/provider.ts';
import type { ProviderDescriptor } from '../../functions/core/issuer/provider-descriptor.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { DAY, SECOND } from '../../functions/core/basics/time.ts';
import { descriptor } from '../../functions/providers/_template/descriptor.ts';
import type { Create } from '../../functions/providers/declared/calls.ts';
import type { Declaration } from '../../functions/providers/declared/declaration.ts';
import { IsoInstant, Value, asBearer, isoSeconds } from '../../functions/providers/declared/forms.ts';
import { declared } from '../../functions/providers/declared/index.ts';
import {
  cursor,
  linkHeader,
  nextAddress,
  offset,
  onePage,
  pageNumber,
  rangeHeader,
  type Paging,
} from '../../functions/providers/declared/paging.ts';
import { AdminSecret } from '../../functions/providers/grants.ts';
import { assertCode, rejection } from '../contracts/world.ts';

const Place = z.strictObject({ account: z.string() });
const Rest = z.strictObject({});
const Admin = z.strictObject({ token: AdminSecret });
type Sample = Declaration<z.output<typeof Admin>, z.output<typeof Place>, object>;

const Key = z
  .object({ id: z.string(), label: z.string(), at: IsoInstant.optional(), end: IsoInstant.optional() })
  .transform(({ id, label, at, end }) => ({
    id,
    name: label,
    state: 'active' as const,
    createdAt: at,
    expiresAt: end,
  }));
const Keys = z.object({ keys: z.array(Key) }).transform(({ keys }) => keys);

const CREATE: Create<z.output<typeof Admin>, z.output<typeof Place>, object> = {
  path: () => '/keys',
  body: ({ name, expiresAt, seconds }) => ({ json: { name, end: isoSeconds(expiresAt), seconds } }),
  made: z.object({ id: z.string(), key: Value }).transform(({ id, key }) => ({ id, value: key })),
  entry: Key,
  told: 'answer',
};

const SAMPLE: Sample = {
  descriptor: { ...descriptor, found: 'name' },
  admin: Admin,
  place: Place,
  grant: Rest,
  account: ({ account }) => `a/${account}`,
  id: /\w+/,
  as: ({ admin }) => asBearer(admin.token),
  create: CREATE,
  list: { path: () => '/keys', answer: Keys, pages: onePage },
  revoke: {
    method: 'DELETE',
    path: (_at, id) => `/keys/${id}`,
    done: { status: 200, body: z.object({ ok: z.literal(true) }) },
    gone: [404],
    proof: 'answer',
  },
  check: { path: () => '/me', headers: asBearer, verdicts: () => [] },
  identify: { by: 'nothing' },
  examine: () => [],
  adminValues: ({ token }) => [token],
};

const NOW = Date.UTC(2026, 2, 2, 10, 17, 30, 400);
const MINT = { marker: 'm', expiresAt: undefined };

type Answering = (url: URL, method: string, range: string | null) => Response;

/** A session with an issuer that answers as it is told, and what it was asked. */
function opened(is: Sample, answer: Answering) {
  const asked: string[] = [];
  const sent: Request[] = [];
  const bodies: unknown[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    sent.push(request);
    const url = new URL(request.url);
    asked.push(`${request.method} ${url.pathname}${url.search}`);
    if (request.method === 'POST') bodies.push(await request.json());
    return answer(url, request.method, request.headers.get('range'));
  };
  const admin = {
    url: 'https://x.example',
    token: 't',
    grants: [{ secret: 's', account: 'b', maxDays: 10 }],
  };
  const tools = { fetch, now: () => NOW, sleep: async () => {}, uuid: () => crypto.randomUUID() };
  const provider = declared(is);
  const secret = new Secret(JSON.stringify(admin));
  const session = provider.open(secret, 's', tools);
  assert.ok(session.kind === 'minting');
  const examine = () => provider.examine(secret, tools);
  return { session: session satisfies MintingSession, examine, asked, sent, bodies };
}

const key = (id: string, more: object = {}) => ({ id, label: id, ...more });
const withPages = (pages: Paging): Sample => ({ ...SAMPLE, list: { ...SAMPLE.list, pages } });
const Total = z.object({ total: z.number() }).transform(({ total }) => total);
const Next = z.object({ next: z.string().nullish() }).transform(({ next }) => next);

describe('a declared list', () => {
  const pageOf = (number: number) => (number > 3 ? [] : [key(`k${number}`)]);
  const ways: readonly (readonly [string, Paging, Answering, number])[] = [
    [
      'by number, to a page without entries',
      pageNumber({ parameter: 'p', size: ['n', 50] }),
      (url) => Response.json({ keys: pageOf(Number(url.searchParams.get('p'))) }),
      4,
    ],
    [
      'by number, to the total',
      pageNumber({ parameter: 'p', size: ['n', 50], total: Total }),
      (url) => Response.json({ keys: pageOf(Number(url.searchParams.get('p'))), total: 3 }),
      3,
    ],
    [
      'by number from 0, to the total',
      pageNumber({ parameter: 'p', size: ['n', 50], total: Total, from: 0 }),
      (url) => Response.json({ keys: pageOf(1 + Number(url.searchParams.get('p'))), total: 3 }),
      3,
    ],
    [
      'by ranges in headers, to status 200',
      rangeHeader('id ..; max=1'),
      (_url, _method, range) => {
        const number = Number(/\d+(?=;)/.exec(range ?? '')?.[0] ?? 1);
        const headers = { 'next-range': `id ${number + 1}; max=1` };
        return Response.json({ keys: pageOf(number) }, number < 3 ? { status: 206, headers } : {});
      },
      3,
    ],
    [
      'by offset, in pages that the issuer makes smaller than asked',
      offset({ parameter: 'o', size: ['n', 50], total: Total }),
      (url) => Response.json({ keys: pageOf(1 + Number(url.searchParams.get('o'))), total: 3 }),
      3,
    ],
    [
      'by cursor',
      cursor('c', Next),
      (url) => {
        const at = Number(url.searchParams.get('c') ?? 1);
        return Response.json({ keys: pageOf(at), next: at < 3 ? String(at + 1) : null });
      },
      3,
    ],
    [
      'by cursor, to the total',
      cursor('c', Next, {}, Total),
      (url) => {
        const at = Number(url.searchParams.get('c') ?? 1);
        return Response.json({ keys: pageOf(at), next: at < 3 ? String(at + 1) : null, total: 3 });
      },
      3,
    ],
    [
      'by the address of the next page, of which the query alone is taken',
      nextAddress(Next),
      (url) => {
        const at = Number(url.searchParams.get('p') ?? 1);
        return Response.json({ keys: pageOf(at), next: at < 3 ? `https://evil.example/x?p=${at + 1}` : '' });
      },
      3,
    ],
    [
      'by a link',
      linkHeader(),
      (url) => {
        const at = Number(url.searchParams.get('p') ?? 1);
        const link = `<https://evil.example/?p=${at + 1}>; rel="next"`;
        return Response.json({ keys: pageOf(at) }, { headers: at < 3 ? { link } : {} });
      },
      3,
    ],
  ];
  for (const [name, pages, answer, calls] of ways)
    it(`is read whole ${name}`, async () => {
      const { session, asked } = opened(withPages(pages), answer);
      assert.deepEqual(
        (await session.list()).map((one) => one.name),
        ['k1', 'k2', 'k3'],
      );
      assert.equal(asked.length, calls);
      assert.ok(asked.every((one) => one.startsWith('GET /keys')));
    });

  it('that names a page again, goes on for ever, or ends before its total is none', async () => {
    const again = opened(withPages(cursor('c', Next)), () => Response.json({ keys: [], next: 'same' }));
    assertCode(await rejection(again.session.list()), 'issuer-response-invalid', 'does not end');
    assert.equal(again.asked.length, 2);
    const paged = pageNumber({ parameter: 'p', size: ['n', 1] });
    const endless = opened(withPages(paged), () => Response.json({ keys: [key('x')] }));
    assertCode(await rejection(endless.session.list()), 'issuer-response-invalid', 'does not end');
    const counted = pageNumber({ parameter: 'p', size: ['n', 1], total: Total });
    const short = opened(withPages(counted), () => Response.json({ keys: [], total: 2 }));
    assertCode(await rejection(short.session.list()), 'issuer-response-invalid', '0 of 2');
    const cut = opened(withPages(cursor('c', Next, {}, Total)), () =>
      Response.json({ keys: [key('x')], next: null, total: 2 }),
    );
    assertCode(await rejection(cut.session.list()), 'issuer-response-invalid', '1 of 2');
  });

  it('whose pages begin elsewhere than was asked for is none', async () => {
    const before = z.object({ skip: z.number() }).transform(({ skip }) => skip);
    const is = withPages(offset({ parameter: 'o', size: ['n', 1], total: Total, before }));
    const answering = (skipOf: (asked: number) => number) =>
      opened(is, (url) => {
        const skip = skipOf(Number(url.searchParams.get('o')));
        return Response.json({ keys: [key(`k${skip}`)], total: 3, skip });
      }).session.list();
    assert.deepEqual(
      (await answering((asked) => asked)).map(({ name }) => name),
      ['k0', 'k1', 'k2'],
    );
    assertCode(await rejection(answering(() => 0)), 'issuer-response-invalid', 'begins elsewhere');
  });

  it('may be asked for by POST, with the page in the body, and is asked for again like a GET', async () => {
    const list: Sample['list'] = {
      ...SAMPLE.list,
      pages: cursor('c', Next),
      body: ({ place }, page) => ({ json: { of: place.account, ...page } }),
    };
    let failed = 0;
    const { session, asked, bodies } = opened({ ...SAMPLE, list }, () => {
      if (failed++ === 0) return new Response('', { status: 503 });
      return Response.json({ keys: [key(`k${failed}`)], next: failed < 3 ? 'two' : null });
    });
    assert.deepEqual(
      (await session.list()).map(({ name }) => name),
      ['k2', 'k3'],
    );
    assert.deepEqual(asked, ['POST /keys', 'POST /keys', 'POST /keys']);
    assert.deepEqual(bodies, [{ of: 'b' }, { of: 'b' }, { of: 'b', c: 'two' }]);
  });

  it('may be asked for with what the account and the admin secret say, on every page', async () => {
    const pages = pageNumber({ parameter: 'p', size: ['n', 1], total: Total });
    const list: Sample['list'] = {
      ...SAMPLE.list,
      pages,
      query: ({ place }) => ({ of: place.account }),
      headers: { accept: 'application/json;short' },
    };
    const { session, asked, sent } = opened({ ...SAMPLE, list }, (url) =>
      Response.json({ keys: [key(`k${url.searchParams.get('p')}`)], total: 2 }),
    );
    await session.list();
    assert.deepEqual(asked, ['GET /keys?of=b&p=1&n=1', 'GET /keys?of=b&p=2&n=1']);
    assert.deepEqual(
      sent.map(({ headers }) => [headers.get('accept'), headers.get('authorization')]),
      [1, 2].map(() => ['application/json;short', 'Bearer t']),
    );
  });

  it('leaves out what belongs to another owner, and reads on past it', async () => {
    const Owned = z
      .object({ keys: z.array(z.object({ id: z.string(), of: z.string() })) })
      .transform(({ keys }) => keys.map(({ id, of }) => ({ id, owner: of, state: 'active' as const })));
    const list = { ...SAMPLE.list, answer: Owned, owner: ({ account }: { account: string }) => account };
    const { session } = opened({ ...SAMPLE, list }, () =>
      Response.json({
        keys: [
          { id: '1', of: 'b' },
          { id: '2', of: 'stranger' },
        ],
      }),
    );
    assert.deepEqual(
      (await session.list()).map(({ handle }) => handle),
      ['x.example/a/b/1'],
    );
  });
});

describe('a declared creation', () => {
  const withExpiry = (expiry: Partial<ProviderDescriptor['expiry']>): Sample => ({
    ...SAMPLE,
    descriptor: { ...SAMPLE.descriptor, expiry: { settable: true, step: 'second', ...expiry } },
  });
  const made = (more: object) => () => Response.json({ id: '7', key: 'v', label: 'm', ...more });

  it('asks for no more than the grant allows, in the steps of the issuer', async () => {
    const instant = opened(withExpiry({}), made({}));
    await instant.session.mint(MINT);
    assert.deepEqual(instant.bodies, [{ name: 'm', end: '2026-03-12T10:17:30Z', seconds: 10 * 86_400 - 1 }]);
    const length = opened(withExpiry({ given: 'duration' }), made({}));
    await length.session.mint(MINT);
    assert.equal(z.object({ seconds: z.number() }).parse(length.bodies[0]).seconds, 10 * 86_400);
    // A length of nothing is for ever at some issuers.
    const past = opened(withExpiry({ given: 'duration' }), made({}));
    await past.session.mint({ marker: 'm', expiresAt: NOW - DAY });
    assert.equal(z.object({ seconds: z.number() }).parse(past.bodies[0]).seconds, 1);
  });

  it(
    'tells a later end, none at all, and another name; a length counts from the beginning that the ' +
      'issuer names',
    async () => {
      const end = (at: number) => ({ end: new Date(at).toISOString() });
      const tenDays = NOW + 10 * DAY;
      const cases: readonly (readonly [Sample, object, string | undefined])[] = [
        [withExpiry({}), end(tenDays - SECOND), undefined],
        [withExpiry({}), end(tenDays + SECOND), 'a later expiry'],
        [withExpiry({}), {}, 'a later expiry'],
        [withExpiry({}), { ...end(tenDays - SECOND), label: 'other' }, 'another name'],
        [
          withExpiry({ given: 'duration' }),
          { ...end(tenDays + DAY), at: new Date(NOW + DAY).toISOString() },
          undefined,
        ],
        [
          withExpiry({ given: 'duration' }),
          { ...end(tenDays + DAY), at: new Date(NOW).toISOString() },
          'a later expiry',
        ],
      ];
      for (const [is, more, wanted] of cases)
        assert.equal((await opened(is, made(more)).session.mint(MINT)).differs, wanted, JSON.stringify(more));
    },
  );

  it('that tells little is completed from the list, and stands when the list fails', async () => {
    const is: Sample = { ...withExpiry({}), create: { ...CREATE, told: 'list' } };
    const at = new Date(NOW).toISOString();
    const listing = opened(is, (_url, method) =>
      method === 'POST' ? made({})() : Response.json({ keys: [key('7', { label: 'm', at, end: at })] }),
    );
    const full = await listing.session.mint(MINT);
    assert.deepEqual([full.createdAt, full.expiresAt, full.differs], [NOW, NOW, undefined]);
    const failing = opened(is, (_url, method) =>
      method === 'POST' ? made({})() : new Response('', { status: 403 }),
    );
    const bare = await failing.session.mint(MINT);
    assert.deepEqual([bare.handle, bare.value.reveal(), bare.createdAt], ['x.example/a/b/7', 'v', undefined]);
  });

  it('whose name neither its answer nor the list tells is said to be so, and has its handle', async () => {
    const entry = z.object({ id: z.string() }).transform(({ id }) => ({ id, state: 'active' as const }));
    const is: Sample = { ...SAMPLE, create: { ...CREATE, entry, told: 'list' } };
    const minted = (keys: readonly object[]) =>
      opened(is, (_url, method) =>
        Response.json(method === 'POST' ? { id: '7', key: 'v' } : { keys }),
      ).session.mint(MINT);
    assert.equal((await minted([key('7', { label: 'm' })])).differs, undefined);
    const { handle, differs } = await minted([]);
    assert.deepEqual([handle, differs], ['x.example/a/b/7', 'a name that it does not show']);
  });
});

describe('a declared creation in two requests', () => {
  const VALUE = z.object({ key: Value }).transform(({ key: value }) => value);
  const is: Sample = {
    ...SAMPLE,
    create: {
      ...CREATE,
      valueBy: {
        path: ({ place }, id) => `/of/${place.account}/keys/${id}/value`,
        body: ({ seconds }, id) => ({ json: { id, seconds } }),
        value: VALUE,
      },
      differs: (answer) => (answer.read(VALUE)?.reveal() === 'odd' ? 'an odd value' : undefined),
    },
  };
  const end = new Date(NOW + DAY).toISOString();
  /** The first answer holds a value too, which is none. */
  const answering = (second: () => Response) => (url: URL, method: string) => {
    if (method !== 'POST') return Response.json({ keys: [key('7', { label: 'm' })] });
    return url.pathname === '/keys' ? Response.json({ id: '7', key: 'no', label: 'm', end }) : second();
  };

  it('asks for the value of what the first one made, and judges the answer that holds it', async () => {
    const { session, asked, bodies } = opened(
      is,
      answering(() => Response.json({ key: 'v' }, { status: 201 })),
    );
    const { handle, value, differs } = await session.mint(MINT);
    assert.deepEqual([handle, value.reveal(), differs], ['x.example/a/b/7', 'v', undefined]);
    assert.deepEqual(asked, ['POST /keys', 'POST /of/b/keys/7/value']);
    assert.deepEqual(z.object({ id: z.string() }).parse(bodies[1]), { id: '7' });
    const odd = opened(
      is,
      answering(() => Response.json({ key: 'odd' })),
    );
    assert.equal((await odd.session.mint(MINT)).differs, 'an odd value');
  });

  for (const body of [{}, { key: 7 }, [], undefined])
    it(`tells of one without a value where the second answer is ${JSON.stringify(body)}`, async () => {
      const { session } = opened(
        is,
        answering(() => (body === undefined ? new Response('') : Response.json(body))),
      );
      const { handle, value, differs } = await session.mint(MINT);
      assert.deepEqual([handle, differs], ['x.example/a/b/7', 'no value']);
      assert.notEqual(value.reveal(), 'no');
    });

  it('fails as its second request fails, which is sent once, and its name finds what was made', async () => {
    for (const [status, code] of [
      [403, 'admin-credential-rejected'],
      [404, 'issuer-refused'],
      [503, 'issuer-unreachable'],
    ] as const) {
      const { session, asked } = opened(
        is,
        answering(() => new Response('', { status })),
      );
      assertCode(await rejection(session.mint(MINT)), code, '/of/b/keys/7/value');
      assert.deepEqual(asked, ['POST /keys', 'POST /of/b/keys/7/value']);
      assert.equal((await session.list())[0]?.name, 'm');
    }
  });

  it('asks for no value where the first request made nothing', async () => {
    for (const first of [Response.json({ label: 'm' }), new Response('', { status: 409 })]) {
      const { session, asked } = opened(is, () => first);
      await rejection(session.mint(MINT));
      assert.deepEqual(asked, ['POST /keys']);
    }
  });
});

describe('a declared check', () => {
  it('may have the id of a value in its path, and judge by what the value looks like', async () => {
    const is: Sample = {
      ...SAMPLE,
      check: {
        path: (_at, value) => `/keys/${value.reveal().split(':')[0]}`,
        headers: asBearer,
        verdicts: (_at, value) => [
          {
            outcome: value.reveal().startsWith('k') ? 'inactive' : 'unknown',
            status: 401,
            body: z.object({}).transform(() => 'It is none of these.'),
            source: 'this test',
          },
        ],
      },
    };
    const { session, asked } = opened(is, () => Response.json({}, { status: 401 }));
    assert.deepEqual(await session.probe(new Secret('k1:v')), { outcome: 'inactive' });
    const probe = await session.probe(new Secret('x1:v'));
    assert.deepEqual(probe, { outcome: 'unknown', reason: 'It is none of these.' });
    assert.deepEqual(asked, ['GET /keys/k1', 'GET /keys/x1']);
  });

  it('may be made where the account is, and of the admin credential at its own address', async () => {
    const is: Sample = {
      ...SAMPLE,
      asksAt: (url, place) => (place ? `https://${place.account}.x.example` : url),
      examine: () => [{ request: { method: 'GET', path: '/me' }, verdicts: [] }],
    };
    const { session, examine, sent } = opened(is, () => Response.json({ keys: [] }));
    await session.probe(new Secret('v'));
    await session.list();
    await examine();
    assert.deepEqual(
      sent.map(({ url }) => url),
      ['https://b.x.example/me', 'https://x.example/keys', 'https://x.example/me'],
    );
  });
});

describe('a declared revocation', () => {
  const answering = (status: number, body: unknown, keys: readonly object[]) => (_url: URL, method: string) =>
    method === 'DELETE' ? Response.json(body, { status }) : Response.json({ keys });

  it('believes the documented answer alone, and else looks at the list', async () => {
    const done = opened(SAMPLE, answering(200, { ok: true }, [key('7')]));
    await done.session.revoke('x.example/a/b/7');
    assert.deepEqual(done.asked, ['DELETE /keys/7']);
    for (const [status, body] of [
      [200, {}],
      [202, { ok: true }],
      [404, {}],
    ] as const) {
      const still = opened(SAMPLE, answering(status, body, [key('7')]));
      assertCode(
        await rejection(still.session.revoke('x.example/a/b/7')),
        'issuer-response-invalid',
        'lists it',
      );
      await opened(SAMPLE, answering(status, body, [key('8')])).session.revoke('x.example/a/b/7');
    }
  });

  it('may want the answer to name what was ended', async () => {
    const done = { status: 200, body: (id: string) => z.object({ gone: z.literal(id) }) };
    const is: Sample = { ...SAMPLE, revoke: { ...SAMPLE.revoke, done } };
    const named = opened(is, answering(200, { gone: '7' }, [key('7')]));
    await named.session.revoke('x.example/a/b/7');
    assert.deepEqual(named.asked, ['DELETE /keys/7']);
    const other = opened(is, answering(200, { gone: '8' }, [key('7')]));
    assertCode(await rejection(other.session.revoke('x.example/a/b/7')), 'issuer-response-invalid');
  });

  it('ends nothing under an id that was given out again', async () => {
    const at = (length: number) => ({ at: new Date(NOW + length).toISOString() });
    const is: Sample = { ...SAMPLE, idsReturn: true };
    const { session, asked } = opened(is, answering(200, { ok: true }, [key('7', at(DAY))]));
    await session.revoke(`x.example/a/b/7@${NOW}`);
    assert.deepEqual(asked, ['GET /keys']);
    await session.revoke(`x.example/a/b/7@${NOW + DAY}`);
    assert.deepEqual(asked.slice(1), ['GET /keys', 'DELETE /keys/7']);
    assertCode(await rejection(session.revoke('x.example/a/b/7')), 'not-granted');
    const undated = opened(is, (_url, method) =>
      Response.json(method === 'POST' ? { id: '7', key: 'v', label: 'm' } : { keys: [] }),
    );
    assertCode(await rejection(undated.session.mint(MINT)), 'issuer-response-invalid', 'time of creation');
  });
});

describe('a value of another account', () => {
  const Other = z.object({ code: z.literal('another') });
  const is: Sample = { ...SAMPLE, identify: { by: 'nothing', another: () => Other, anotherAt: 401 } };
  const identified = (status: number, code: string) =>
    opened(is, () => Response.json({ code }, { status })).session.identify(new Secret('v'));

  it('is told by a refusal, where the issuer words one so, and by no other answer', async () => {
    assert.equal(await identified(401, 'another'), undefined);
    for (const [status, code] of [
      [403, 'another'],
      [200, 'another'],
      [401, 'wrong'],
    ] as const)
      assertCode(await rejection(identified(status, code)), 'issuer-response-invalid');
  });
});

describe('a declared login', () => {
  it('is made once for a session, and what it gives goes to the issuer alone', async () => {
    const is: Sample = {
      ...SAMPLE,
      as: {
        login: ({ admin }) => ({
          method: 'POST',
          path: '/login',
          body: { json: { key: admin.token.reveal() } },
        }),
        token: z.object({ token: z.string() }).transform(({ token }) => new Secret(token)),
        headers: asBearer,
      },
    };
    const { session, asked } = opened(is, (url) =>
      Response.json(url.pathname === '/login' ? { token: 'short' } : { keys: [] }),
    );
    await session.list();
    await session.list();
    assert.deepEqual(asked, ['POST /login', 'GET /keys', 'GET /keys']);
  });
});
