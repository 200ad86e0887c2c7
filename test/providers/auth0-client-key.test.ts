import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Beside, ChoosingSession } from '../../functions/core/issuer/provider.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { MINUTE, SECOND } from '../../functions/core/basics/time.ts';
import { auth0ClientKey } from '../../functions/providers/auth0-client-key/index.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { numbersOf, thumbprint } from '../../lib/sandbox/issuers/client-assertions.ts';
import { Auth0ClientKeySimulator } from '../../lib/sandbox/issuers/auth0-client-key.ts';
import type { IssuerKnobs } from '../../lib/sandbox/issuers/knobs.ts';
import { defineProviderContract } from '../contracts/provider.ts';
import { OTHER_SECRET } from '../contracts/setup.ts';
import { testRandomness } from '../contracts/randomness.ts';
import {
  assertCode,
  connectionReset,
  losingAnswers,
  recordingWorld,
  rejection,
  type World,
} from '../contracts/world.ts';

const doing = (body: string, path: string): 'reads' | 'creates' | 'ends' => {
  if (body.includes('"pem"')) return 'creates';
  const isEnding = body.includes('client_authentication_methods') || /\/credentials\/cred_/.test(path);
  return isEnding ? 'ends' : 'reads';
};

defineProviderContract({
  name: 'auth0-client-key against its simulator',
  provider: auth0ClientKey,
  createIssuer: (clock) => new Auth0ClientKeySimulator({ clock }),
  hostField: 'url',
  accountFields: ['clientId'],
  adminCredentials: (admin) => [admin.clientSecret],
  logsIn: true,
  does: doing,
  malformed: [
    {
      field: 'clientSecret',
      breakIt: (admin, canary) => {
        admin.clientSecret = { value: canary };
      },
    },
    {
      field: 'clientId',
      breakIt: (admin, canary) => {
        admin.clientId = `${canary}:`;
      },
    },
    {
      field: 'grants[0].clientId',
      breakIt: (admin, canary) => {
        admin.grants[0].clientId = `../${canary}`;
      },
    },
    {
      field: 'grants[0].secret',
      breakIt: (admin) => {
        admin.grants[0].secret += '*';
      },
    },
    {
      field: 'grants[1].clientId',
      of: OTHER_SECRET,
      breakIt: (admin) => {
        admin.grants[1].clientId = admin.grants[0].clientId;
      },
    },
  ],
  mayCall: (sent, account) =>
    sent.path === '/oauth/token' || sent.path.startsWith(`/api/v2/clients/${account.split('/').at(-1)}`),
  throttled: (wait, now) =>
    new Response('{}', {
      status: 429,
      headers: { 'x-ratelimit-reset': String(Math.ceil((now + wait) / SECOND)) },
    }),
});

const SECRET = 'billing/auth0-key';

interface Bench {
  readonly clock: VirtualClock;
  readonly issuer: Auth0ClientKeySimulator;
  readonly world: World;
  readonly session: ChoosingSession;
}

/** That of the bench at work: of one of them, all keys are others. */
let random = testRandomness();

function bench(knobs: IssuerKnobs = {}): Bench {
  random = testRandomness();
  const clock = new VirtualClock(Date.parse('2026-03-02T10:17:30Z'));
  const issuer = new Auth0ClientKeySimulator({ clock, knobs });
  const world = recordingWorld(clock, (request) => issuer.fetch(request));
  const session = auth0ClientKey.open(new Secret(issuer.adminSecret([SECRET])), SECRET, world.tools);
  assert.ok(session.kind === 'choosing');
  return { clock, issuer, world, session };
}

const chosen = (session: ChoosingSession): { value: Secret; fields: Beside } => {
  const { value, fields = {} } = session.choose(random);
  return { value, fields };
};

const bodyIn = (text: string): string =>
  text.split('\n').find((line) => /^(?:\{|grant_type=)/.test(line)) ?? '';
const isPatch = (request: Request): boolean => request.method === 'PATCH';
const calls = (world: World): string[] =>
  world.sent.map(({ method, path }) => `${method} ${path.replace(/^\/api\/v2\/clients\/\w+/, '')}`);

describe('auth0-client-key: a new key', () => {
  it('is known to Auth0 by its public half and its thumbprint alone, and then bound', async () => {
    const { session, world, issuer } = bench();
    const { value, fields } = chosen(session);
    const { handle } = await session.install(value, fields);
    assert.deepEqual(calls(world), [
      'POST /oauth/token',
      'GET /credentials',
      'GET ',
      'POST /credentials',
      'GET ',
      'PATCH ',
    ]);
    const sent = JSON.parse(bodyIn(world.sent[3]?.text ?? ''));
    const numbers = numbersOf(value.reveal());
    assert.ok(numbers);
    assert.deepEqual(numbersOf(sent.pem), numbers);
    assert.equal(sent.kid, thumbprint(numbers));
    assert.match(sent.pem, /^-----BEGIN PUBLIC KEY-----/);
    assert.deepEqual(fields, { client_id: issuer.applications.accounts.of(SECRET), kid: sent.kid });
    assert.ok(!world.sent.some(({ text }) => text.includes('BEGIN PRIVATE')));
    assert.deepEqual(JSON.parse(bodyIn(world.sent[5]?.text ?? '')), {
      client_authentication_methods: { private_key_jwt: { credentials: [{ id: handle.split('/').at(-1) }] } },
    });
  });

  it('is bound at the next try where the run broke between the two calls', async () => {
    const { session, world, issuer } = bench();
    const { value, fields } = chosen(session);
    world.intercept((request) => {
      if (isPatch(request)) throw connectionReset('gone');
      return undefined;
    });
    assertCode(await rejection(session.install(value, fields)), 'issuer-unreachable');
    world.intercept(undefined);
    const [half] = await session.list();
    assert.equal(half?.state, 'disabled');
    assert.equal((await session.probe(value, fields)).outcome, 'unknown');
    assert.equal((await session.install(value, fields)).handle, half.handle);
    assert.equal((await session.probe(value, fields)).outcome, 'active');
    assert.equal((await issuer.credentials(SECRET)).length, 1);
  });

  it('is bound once, though the answer to that was lost', async () => {
    const { session, world, issuer } = bench();
    const { value, fields } = chosen(session);
    world.intercept(losingAnswers((request) => issuer.fetch(request), isPatch));
    assertCode(await rejection(session.install(value, fields)), 'issuer-unreachable');
    world.intercept(undefined);
    world.sent.length = 0;
    assert.equal((await session.install(value, fields)).state, 'active');
    assert.ok(!calls(world).includes('PATCH '));
  });

  it('that was given up half made is deleted, and leaves room for another', async () => {
    const { session, world } = bench();
    await session.install(chosen(session).value, {});
    const { value } = chosen(session);
    world.intercept((request) => (isPatch(request) ? new Response(null, { status: 500 }) : undefined));
    await rejection(session.install(value, {}));
    world.intercept(undefined);
    assertCode(await rejection(session.install(chosen(session).value, {})), 'credential-limit-reached');
    const half = await session.identify(value);
    assert.ok(half);
    world.sent.length = 0;
    await session.revoke(half.handle);
    assert.ok(!calls(world).includes('PATCH '));
    await session.install(chosen(session).value, {});
  });

  it('takes no slot that is taken, whatever by', async () => {
    const { session, issuer, world } = bench();
    await issuer.createByHand(SECRET);
    const numbers = numbersOf(random.rsaKey());
    assert.ok(numbers);
    issuer.applications.add(issuer.applications.accounts.of(SECRET), numbers);
    assertCode(await rejection(session.install(chosen(session).value, {})), 'credential-limit-reached');
    assert.ok(!world.sent.some(({ method }) => method === 'PATCH'));
  });

  it('takes the place of no other method', async () => {
    const { session, world } = bench();
    for (const methods of [undefined, null, { tls_client_auth: { credentials: [{ id: 'cred_1' }] } }]) {
      world.intercept(async (request) =>
        request.method === 'GET' && !request.url.endsWith('/credentials')
          ? Response.json({
              client_id: request.url.split('/').at(-1),
              client_authentication_methods: methods,
            })
          : undefined,
      );
      assertCode(
        await rejection(session.install(chosen(session).value, {})),
        'issuer-refused',
        'Private Key JWT',
      );
    }
    assert.ok(!world.sent.some(({ method, path }) => method === 'POST' && path.includes('clients')));
  });

  it('leaves everything else that the application authenticates with', async () => {
    const { session, world, issuer } = bench();
    const clientId = issuer.applications.accounts.of(SECRET);
    const others = { signed: { credentials: [{ id: 'cred_9' }] } };
    const answer = (credentials: object[]): Response =>
      Response.json({
        client_id: clientId,
        client_authentication_methods: { ...others, private_key_jwt: { credentials } },
      });
    world.intercept(async (request) => {
      if (request.url.endsWith(clientId) && request.method === 'GET') return answer([{ id: 'cred_old' }]);
      if (!isPatch(request)) return undefined;
      const { client_authentication_methods: methods } = JSON.parse(await request.clone().text());
      return answer(methods.private_key_jwt.credentials);
    });
    const { handle } = await session.install(chosen(session).value, {});
    assert.deepEqual(JSON.parse(bodyIn(world.sent.at(-1)?.text ?? '')), {
      client_authentication_methods: {
        ...others,
        private_key_jwt: { credentials: [{ id: 'cred_old' }, { id: handle.split('/').at(-1) }] },
      },
    });
  });

  it('is not taken for bound where Auth0 does not show it', async () => {
    const { session, world } = bench();
    world.intercept((request) => (isPatch(request) ? Response.json({ client_id: 'another' }) : undefined));
    assertCode(await rejection(session.install(chosen(session).value, {})), 'issuer-response-invalid');
  });

  it('is not taken for ours under another kid', async () => {
    const { session, world } = bench();
    world.intercept((request) =>
      request.url.endsWith('/credentials') && request.method === 'POST'
        ? Response.json(
            {
              id: 'cred_x',
              credential_type: 'public_key',
              kid: 'another',
              created_at: '2026-03-02T10:17:30.000Z',
            },
            { status: 201 },
          )
        : undefined,
    );
    assertCode(
      await rejection(session.install(chosen(session).value, {})),
      'issuer-response-invalid',
      'cred_x',
    );
    assert.ok(!world.sent.some(({ method }) => method === 'PATCH'));
  });
});

describe('auth0-client-key: the old key', () => {
  it('goes on until it is unbound, and is deleted only then', async () => {
    const { session, world, issuer } = bench();
    const { private_key: pem, ...beside } = JSON.parse(await issuer.createByHand(SECRET));
    const old = new Secret(pem);
    await session.install(chosen(session).value, {});
    assert.equal((await session.probe(old, beside)).outcome, 'active');
    const found = await session.identify(old);
    assert.ok(found);
    world.sent.length = 0;
    await session.revoke(found.handle);
    assert.deepEqual(calls(world), [
      'GET /credentials',
      'GET ',
      // Once more, right before the whole list is sent back.
      'GET ',
      'PATCH ',
      `DELETE /credentials/${found.handle.split('/').at(-1)}`,
    ]);
    assert.equal((await session.probe(old, beside)).outcome, 'unknown');
    assert.equal((await session.list()).length, 1);
  });

  it('is deleted at the next try where the run broke after it was unbound', async () => {
    const { session, world } = bench();
    const { value } = chosen(session);
    const { handle } = await session.install(value, {});
    await session.install(chosen(session).value, {});
    world.intercept((request) =>
      request.method === 'DELETE' ? new Response(null, { status: 500 }) : undefined,
    );
    assertCode(await rejection(session.revoke(handle)), 'issuer-unreachable');
    assert.equal((await session.identify(value))?.state, 'disabled');
    world.intercept(undefined);
    await session.revoke(handle);
    assert.equal(await session.identify(value), undefined);
  });

  it('is not unbound where it is the only one', async () => {
    const { session, world } = bench();
    const { handle } = await session.install(chosen(session).value, {});
    assertCode(await rejection(session.revoke(handle)), 'issuer-refused', 'no other active');
    assert.ok(!world.sent.some(({ method }) => method === 'DELETE'));
  });

  it('that expired is said to be, and takes a slot still', async () => {
    const { session, world } = bench();
    const one = { credential_type: 'public_key', created_at: '2026-03-01T10:17:30.000Z' };
    world.intercept((request) =>
      request.url.endsWith('/credentials')
        ? Response.json([
            { ...one, id: 'cred_1', kid: 'a', expires_at: '2026-03-02T10:17:30.000Z' },
            { ...one, id: 'cred_2', kid: 'b' },
            { id: 'cred_3', credential_type: 'x509_cert' },
          ])
        : undefined,
    );
    assert.deepEqual(
      (await session.list()).map(({ state }) => state),
      ['expired', 'disabled'],
    );
    assertCode(await rejection(session.install(chosen(session).value, {})), 'credential-limit-reached');
  });
});

describe('auth0-client-key: the check', () => {
  it('signs a short JWT for the tenant, once for each question, and asks for nothing', async () => {
    const { session, world, clock, issuer } = bench();
    const { value, fields } = chosen(session);
    await session.install(value, fields);
    world.sent.length = 0;
    assert.deepEqual(await session.probe(value, fields), { outcome: 'active' });
    const [asked, counter] = world.sent.map(({ text }) => new URLSearchParams(bodyIn(text)));
    assert.deepEqual(
      [asked?.get('grant_type'), asked?.get('refresh_token')],
      ['refresh_token', 'keyturn-probe'],
    );
    const [header, claims] = (asked?.get('client_assertion') ?? '')
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString());
    const { jti, exp, ...rest } = JSON.parse(claims ?? '');
    const client = fields['client_id'];
    assert.deepEqual(rest, { iss: client, sub: client, aud: `https://${issuer.host}/` });
    assert.equal(exp, (clock.now() + 2 * MINUTE) / SECOND);
    assert.deepEqual(JSON.parse(header ?? ''), { alg: 'RS256', typ: 'JWT', kid: fields['kid'] });
    assert.ok(!(counter?.get('client_assertion') ?? '').includes(jti));
  });

  it('does not believe an acceptance where anybody is accepted', async () => {
    const { session, world } = bench();
    const { value, fields } = chosen(session);
    const said = (status: number, error: string, description: string) =>
      Response.json({ error, error_description: description }, { status });
    world.intercept(() => said(403, 'invalid_grant', 'Unknown or invalid refresh token.'));
    assert.equal((await session.probe(value, fields)).outcome, 'unknown');
    let asked = 0;
    world.intercept(() =>
      asked++ % 2 === 0
        ? said(403, 'unauthorized_client', "Grant type 'refresh_token' not allowed for the client.")
        : said(401, 'invalid_client', 'x'),
    );
    assert.equal((await session.probe(value, fields)).outcome, 'active');
    asked = 0;
    world.intercept(() =>
      asked++ % 2 === 0
        ? said(403, 'invalid_grant', 'Unknown or invalid refresh token.')
        : new Response('<html>', { status: 401 }),
    );
    assert.equal((await session.probe(value, fields)).outcome, 'unknown');
  });

  it('takes no refusal for one of the key', async () => {
    const { session, world } = bench();
    const { value, fields } = chosen(session);
    for (const [status, error] of [
      [401, 'invalid_client'],
      [401, 'access_denied'],
      [403, 'access_denied'],
    ] as const) {
      world.intercept(() => Response.json({ error, error_description: 'Unauthorized' }, { status }));
      assert.equal((await session.probe(value, fields)).outcome, 'unknown');
    }
  });
});
