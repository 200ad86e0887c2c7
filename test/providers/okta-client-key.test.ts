import assert from 'node:assert/strict';
import { generateKeyPairSync, verify } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Beside, ChoosingSession } from '../../functions/core/issuer/provider.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { MINUTE, SECOND } from '../../functions/core/basics/time.ts';
import { oktaClientKey } from '../../functions/providers/okta-client-key/index.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { numbersOf, thumbprint } from '../../lib/sandbox/issuers/client-assertions.ts';
import type { IssuerKnobs } from '../../lib/sandbox/issuers/knobs.ts';
import { OktaClientKeySimulator } from '../../lib/sandbox/issuers/okta-client-key.ts';
import { API_TOKEN } from '../../lib/sandbox/issuers/okta-management.ts';
import { defineProviderContract } from '../contracts/provider.ts';
import { OTHER_SECRET } from '../contracts/setup.ts';
import { testRandomness } from '../contracts/randomness.ts';
import { assertCode, losingAnswers, recordingWorld, rejection, type World } from '../contracts/world.ts';

defineProviderContract({
  name: 'okta-client-key against its simulator',
  provider: oktaClientKey,
  createIssuer: (clock) => new OktaClientKeySimulator({ clock }),
  hostField: 'url',
  accountFields: ['app'],
  adminCredentials: (admin) => [admin.token],
  malformed: [
    {
      field: 'token',
      breakIt: (admin, canary) => {
        admin.token = { value: canary };
      },
    },
    {
      field: 'grants[0].app',
      breakIt: (admin, canary) => {
        admin.grants[0].app = `../${canary}`;
      },
    },
    {
      field: 'grants[0].secret',
      breakIt: (admin) => {
        admin.grants[0].secret += '*';
      },
    },
    {
      field: 'grants[1].app',
      of: OTHER_SECRET,
      breakIt: (admin) => {
        admin.grants[1].app = admin.grants[0].app;
      },
    },
    {
      field: 'grants[0].clientId',
      breakIt: (admin, canary) => {
        admin.grants[0].clientId = `${canary}:`;
      },
    },
  ],
  mayCall: (sent, account) =>
    sent.path === '/oauth2/v1/introspect' ||
    sent.path.startsWith(`/api/v1/apps/${account.split('/').at(-1)}/credentials/jwks`),
  throttled: (wait, now) =>
    new Response('{}', {
      status: 429,
      headers: { 'x-rate-limit-reset': String(Math.ceil((now + wait) / SECOND)) },
    }),
});

const SECRET = 'billing/okta-key';

interface Bench {
  readonly clock: VirtualClock;
  readonly issuer: OktaClientKeySimulator;
  readonly world: World;
  readonly session: ChoosingSession;
}

/** That of the bench at work: of one of them, all keys are others. */
let random = testRandomness();

function bench(knobs: IssuerKnobs = {}): Bench {
  random = testRandomness();
  const clock = new VirtualClock(Date.parse('2026-03-02T10:17:30Z'));
  const issuer = new OktaClientKeySimulator({ clock, knobs });
  const world = recordingWorld(clock, (request) => issuer.fetch(request));
  const session = oktaClientKey.open(new Secret(issuer.adminSecret([SECRET])), SECRET, world.tools);
  assert.ok(session.kind === 'choosing');
  return { clock, issuer, world, session };
}

const chosen = (session: ChoosingSession): { value: Secret; fields: Beside } => {
  const { value, fields = {} } = session.choose(random);
  return { value, fields };
};

const bodyIn = (text: string): string => text.split('\n').find((line) => /^(?:\{|token=)/.test(line)) ?? '';

const jwtIn = (text: string): { header: unknown; claims: Record<string, unknown> } => {
  const [header = '', claims = ''] = (new URLSearchParams(bodyIn(text)).get('client_assertion') ?? '').split(
    '.',
  );
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  return { header: read(header), claims: read(claims) };
};

describe('okta-client-key: the pair', () => {
  it('is made anew each time, as PEM of PKCS#8 and with the thumbprint as its kid', () => {
    const { session, issuer } = bench();
    const [one, other] = [chosen(session), chosen(session)];
    assert.match(one.value.reveal(), /^-----BEGIN PRIVATE KEY-----\n[^-]+\n-----END PRIVATE KEY-----$/);
    assert.ok(!one.value.equals(other.value));
    const numbers = numbersOf(one.value.reveal());
    assert.ok(numbers);
    assert.deepEqual(one.fields, { client_id: issuer.clients.of(SECRET).id, kid: thumbprint(numbers) });
  });

  it('goes to Okta with its public half alone', async () => {
    const { session, world } = bench();
    const { value, fields } = chosen(session);
    await session.install(value, fields);
    const sent = world.sent.find(({ method }) => method === 'POST');
    const { e, n } = numbersOf(value.reveal()) ?? {};
    assert.deepEqual(JSON.parse(bodyIn(sent?.text ?? '')), {
      kty: 'RSA',
      e,
      n,
      kid: fields['kid'],
      use: 'sig',
      alg: 'RS256',
      status: 'ACTIVE',
    });
  });

  it('is found again by the value when its creation was not answered, and is there once', async () => {
    const { session, world, issuer } = bench();
    const { value, fields } = chosen(session);
    world.intercept(
      losingAnswers(
        (request) => issuer.fetch(request),
        (request) => request.method === 'POST',
      ),
    );
    assertCode(await rejection(session.install(value, fields)), 'issuer-unreachable');
    world.intercept(undefined);
    const lost = await session.identify(value);
    assert.ok(lost);
    assert.equal((await session.install(value, fields)).handle, lost.handle);
    assert.equal((await session.list()).length, 1);
  });

  it('is activated where somebody deactivated it before it was current', async () => {
    const { session } = bench();
    await session.install(chosen(session).value, {});
    const { value, fields } = chosen(session);
    const { handle } = await session.install(value, fields);
    await session.toggle?.disable(handle);
    assert.equal((await session.identify(value))?.state, 'disabled');
    assert.equal((await session.install(value, fields)).state, 'active');
    assert.equal((await session.probe(value, fields)).outcome, 'active');
  });

  it('is not taken where a key of the application has no kid', async () => {
    const { session, issuer } = bench();
    const numbers = numbersOf(random.rsaKey());
    assert.ok(numbers);
    issuer.clients.add(issuer.clients.of(SECRET), numbers, undefined);
    assertCode(await rejection(session.install(chosen(session).value, {})), 'issuer-refused', 'has a kid');
  });
});

describe('okta-client-key: the list', () => {
  it('is read as an array, and as the example of the specification shows it', async () => {
    const { session, world, issuer } = bench();
    const { value } = chosen(session);
    await session.install(value, {});
    const array = await session.list();
    world.intercept(async (request) =>
      Response.json({ jwks: { keys: await (await issuer.fetch(request)).json() } }),
    );
    assert.deepEqual(await session.list(), array);
    assert.equal(array.length, 1);
  });

  it('has keys of curves, which come without their curve, and leaves out keys for encryption', async () => {
    const { session, world } = bench();
    const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const { x, y } = pair.publicKey.export({ format: 'jwk' });
    const key = { status: 'ACTIVE', created: '2026-03-02T10:17:30.000Z' };
    world.intercept(() =>
      Response.json([
        { ...key, id: 'pks1', kid: 'curve', kty: 'EC', x, y },
        { ...key, id: 'pks2', kid: 'enc', kty: 'RSA', use: 'enc', e: 'AQAB', n: 'AJncrKuine49' },
      ]),
    );
    assert.equal((await session.list()).length, 1);
    const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    assert.match((await session.identify(new Secret(pem)))?.handle ?? '', /jwks\/pks1$/);
    assert.equal(await session.identify(chosen(session).value), undefined);
  });
});

describe('okta-client-key: the check', () => {
  it('signs a short JWT for the address that is asked, once for each question', async () => {
    const { session, world, clock, issuer } = bench();
    const { value, fields } = chosen(session);
    await session.install(value, fields);
    world.sent.length = 0;
    for (let asked = 0; asked < 2; asked++)
      assert.deepEqual(await session.probe(value, fields), { outcome: 'active' });
    const [one, other] = world.sent.map(({ text }) => jwtIn(text));
    assert.ok(one && other);
    const { jti, exp, ...claims } = one.claims;
    const client = issuer.clients.of(SECRET).id;
    assert.deepEqual(claims, {
      iss: client,
      sub: client,
      aud: `https://${issuer.host}/oauth2/v1/introspect`,
    });
    assert.equal(exp, (clock.now() + 2 * MINUTE) / SECOND);
    assert.notEqual(jti, other.claims['jti']);
    assert.deepEqual(one.header, { alg: 'RS256', typ: 'JWT', kid: fields['kid'] });
    assert.ok(!world.sent.some(({ text }) => text.includes('PRIVATE') || text.includes(API_TOKEN)));
  });

  it('names the key as the secret does, and by its thumbprint where nothing stands beside it', async () => {
    const { session, issuer } = bench();
    await session.install(chosen(session).value, {});
    const { private_key: pem, kid } = JSON.parse(await issuer.createByHand(SECRET));
    assert.equal((await session.probe(new Secret(pem), { kid })).outcome, 'active');
    assert.equal((await session.probe(new Secret(pem))).outcome, 'unknown');
    const { value } = chosen(session);
    await session.install(value, {});
    assert.equal((await session.probe(value)).outcome, 'active');
  });

  it('signs with a key of a curve by the algorithm of that curve', async () => {
    const { session, world } = bench();
    for (const [namedCurve, alg] of [
      ['prime256v1', 'ES256'],
      ['secp384r1', 'ES384'],
      ['secp521r1', 'ES512'],
    ] as const) {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
      await session.probe(new Secret(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()));
      const text = world.sent.at(-1)?.text ?? '';
      const [header, claims, signature = ''] = (
        new URLSearchParams(bodyIn(text)).get('client_assertion') ?? ''
      ).split('.');
      assert.equal(JSON.parse(Buffer.from(header ?? '', 'base64url').toString()).alg, alg);
      assert.ok(
        verify(
          alg.replace('ES', 'sha'),
          Buffer.from(`${header}.${claims}`),
          { key: publicKey, dsaEncoding: 'ieee-p1363' },
          Buffer.from(signature, 'base64url'),
        ),
        alg,
      );
    }
  });

  it('takes no refusal for one of the key, whatever its words', async () => {
    const { session, world } = bench();
    const { value, fields } = chosen(session);
    for (const [description, reason] of [
      ['The client_assertion JWT kid is invalid.', 'by the kid'],
      ['The client_assertion signature is invalid.', 'another algorithm'],
      ['The client_assertion token has an expiration too far into the future.', 'correct app'],
      ["Invalid value for 'client_id' parameter.", 'correct app'],
    ] as const) {
      world.intercept(() =>
        Response.json({ error: 'invalid_client', error_description: description }, { status: 401 }),
      );
      const probe = await session.probe(value, fields);
      assert.ok(probe.outcome === 'unknown' && probe.reason.includes(reason), description);
    }
  });

  it('takes no answer about a token for an acceptance', async () => {
    const { session, world } = bench();
    for (const body of [{ active: true }, { active: false, error: 'x' }, {}]) {
      world.intercept(() => Response.json(body));
      assert.equal((await session.probe(chosen(session).value)).outcome, 'unknown');
    }
  });
});

describe('okta-client-key: revoke', () => {
  it('deactivates before it deletes, and never takes the only active key', async () => {
    const { session, world } = bench();
    const { value } = chosen(session);
    const { handle } = await session.install(value, {});
    assertCode(await rejection(session.revoke(handle)), 'issuer-refused', 'no other active');
    await session.install(chosen(session).value, {});
    world.sent.length = 0;
    await session.revoke(handle);
    assert.deepEqual(
      world.sent.map(({ method, path }) => `${method} ${path.split('/').slice(7).join('/')}`),
      ['GET ', `POST ${idOf(handle)}/lifecycle/deactivate`, `DELETE ${idOf(handle)}`],
    );
    assert.equal(await session.identify(value), undefined);
  });

  it('goes on where a broken run stopped, after the deactivation', async () => {
    const { session, world } = bench();
    const { value } = chosen(session);
    await session.install(chosen(session).value, {});
    const { handle } = await session.install(value, {});
    world.intercept((request) =>
      request.method === 'DELETE' ? new Response(null, { status: 500 }) : undefined,
    );
    assertCode(await rejection(session.revoke(handle)), 'issuer-unreachable');
    assert.equal((await session.identify(value))?.state, 'disabled');
    world.intercept(undefined);
    await session.revoke(handle);
    assert.equal(await session.identify(value), undefined);
  });
});

const idOf = (handle: string): string => handle.split('/').at(-1) ?? '';
