import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { ChoosingSession, ProviderTools } from '../../functions/core/issuer/provider.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { MINUTE, SECOND } from '../../functions/core/basics/time.ts';
import { okta } from '../../functions/providers/okta/index.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { OktaSimulator, type OktaOptions } from '../../lib/sandbox/issuers/okta.ts';
import type { IssuerKnobs } from '../../lib/sandbox/issuers/knobs.ts';
import { defineProviderContract, type AdminJson } from '../contracts/provider.ts';
import { OTHER_SECRET } from '../contracts/setup.ts';
import { testRandomness } from '../contracts/randomness.ts';
import { assertCode, losingAnswers, recordingWorld, rejection, type World } from '../contracts/world.ts';

defineProviderContract({
  name: 'okta against its simulator',
  provider: okta,
  createIssuer: (clock) => new OktaSimulator({ clock }),
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
      field: 'grants[0].tokenEndpoint',
      breakIt: (admin, canary) => {
        admin.grants[0].tokenEndpoint = `https://${canary}.example/`;
      },
    },
    {
      field: 'grants[0].scopes',
      breakIt: (admin) => {
        admin.grants[0].scopes = [];
      },
    },
  ],
  mayCall: (sent, account) =>
    sent.path === '/oauth2/v1/introspect' ||
    sent.path.startsWith(`/api/v1/apps/${account.split('/').at(-1)}/credentials/secrets`),
  throttled: (wait, now) =>
    new Response('{}', {
      status: 429,
      headers: { 'x-rate-limit-reset': String(Math.ceil((now + wait) / SECOND)) },
    }),
});

const SECRET = 'billing/okta';
const VALUE = new Secret('v'.repeat(64));

interface Bench {
  readonly clock: VirtualClock;
  readonly issuer: OktaSimulator;
  readonly world: World;
  readonly session: ChoosingSession;
  /** The management API as an administrator uses it by hand. */
  readonly manage: (method: string, path?: string) => Promise<Response>;
}

function bench(options: Partial<OktaOptions> = {}, change: (admin: AdminJson) => void = () => {}): Bench {
  const clock = new VirtualClock(Date.parse('2026-03-02T10:17:30Z'));
  const issuer = new OktaSimulator({ clock, ...options });
  const world = recordingWorld(clock, (request) => issuer.fetch(request));
  const admin: AdminJson = JSON.parse(issuer.adminSecret([SECRET]));
  change(admin);
  const manage = (method: string, path = '') =>
    issuer.fetch(
      new Request(`https://${issuer.host}/api/v1/apps/${admin.grants[0].app}/credentials/secrets${path}`, {
        method,
        headers: { authorization: `SSWS ${admin.token}` },
      }),
    );
  return { clock, issuer, world, manage, session: open(admin, world.tools) };
}

function open(admin: AdminJson, tools: ProviderTools): ChoosingSession {
  const session = okta.open(new Secret(JSON.stringify(admin)), SECRET, tools);
  assert.ok(session.kind === 'choosing');
  return session;
}

const idOf = (handle: string) => handle.split('/').at(-1) ?? '';
const live = async (issuer: OktaSimulator) =>
  (await issuer.credentials(SECRET)).filter((credential) => credential.live);

describe('okta: a chosen value', () => {
  it('is 64 url-safe characters, and all the randomness is in it', () => {
    const { session } = bench();
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 48, maxLength: 48 }), (bytes) => {
        const { value } = session.choose({
          ...testRandomness(),
          bytes: (length) => bytes.subarray(0, length),
        });
        assert.match(value.reveal(), /^[\w-]{64}$/);
        assert.deepEqual(new Uint8Array(Buffer.from(value.reveal(), 'base64url')), bytes);
      }),
    );
  });

  it('comes with the client id that consumers need', () => {
    const random = testRandomness();
    const { session } = bench({}, (admin) => {
      admin.grants[0].clientId = 'billing-client';
    });
    assert.deepEqual(session.choose(random).fields, { client_id: 'billing-client' });
    const plain = bench();
    assert.deepEqual(plain.session.choose(random).fields, {
      client_id: plain.session.account.split('/').at(-1),
    });
  });

  it('is one credential however often it is installed', async () => {
    const { session, issuer } = bench();
    const first = await session.install(VALUE, {});
    assert.deepEqual(await session.install(VALUE, {}), first);
    assert.equal((await live(issuer)).length, 1);
  });

  it('is one credential when the answer to its creation was lost', async () => {
    const { session, issuer, world } = bench();
    world.intercept(
      losingAnswers(
        (request) => issuer.fetch(request),
        (request) => request.method === 'POST',
      ),
    );
    await rejection(session.install(VALUE, {}));
    world.intercept(undefined);
    const { handle } = await session.install(VALUE, {});
    assert.deepEqual(
      (await live(issuer)).map((credential) => credential.handle),
      [handle],
    );
  });

  it('is activated again when Okta holds it inactive', async () => {
    const { session, manage } = bench();
    await session.install(new Secret('w'.repeat(64)), {});
    const { handle } = await session.install(VALUE, {});
    assert.equal((await manage('POST', `/${idOf(handle)}/lifecycle/deactivate`)).status, 200);
    assert.equal((await session.identify(VALUE))?.active, false);
    assert.deepEqual(await session.install(VALUE, {}), { ...(await session.identify(VALUE)), active: true });
    assert.equal((await session.probe(VALUE)).outcome, 'active');
  });

  it('is not installed when both slots are taken, one by an inactive one, and revokes none', async () => {
    const { session, issuer, manage } = bench();
    await session.install(new Secret('a'.repeat(64)), {});
    const { handle } = await session.install(new Secret('b'.repeat(64)), {});
    await manage('POST', `/${idOf(handle)}/lifecycle/deactivate`);
    assertCode(
      await rejection(session.install(VALUE, {})),
      'credential-limit-reached',
      session.account.split('/').at(-1) ?? '',
    );
    assert.equal((await session.list()).length, 2);
    assert.equal((await live(issuer)).length, 1);
  });

  it('finds no slot when somebody took it between the look and the creation', async () => {
    const { session, issuer, world } = bench();
    await session.install(new Secret('a'.repeat(64)), {});
    world.intercept(async (request) => {
      if (request.method === 'POST') await issuer.createByHand(SECRET);
      return undefined;
    });
    assertCode(await rejection(session.install(VALUE, {})), 'credential-limit-reached');
    assert.equal(await session.identify(VALUE), undefined);
  });
});

describe('okta: grants', () => {
  it('give an application to one secret only, and the error names both', () => {
    const twice = (admin: AdminJson) => {
      admin.grants.push({ ...admin.grants[0], secret: 'shipping/okta' });
    };
    assert.throws(() => bench({}, twice), {
      code: 'admin-invalid',
      message: /grants\[0\]\.app .*billing\/okta.*shipping\/okta/,
    });
  });

  it('that share an application leave every other secret of the admin secret as it is', () => {
    const { session } = bench({}, (admin) => {
      const shared = { ...admin.grants[0], app: '0oaShared' };
      admin.grants.push({ ...shared, secret: 'shipping/okta' }, { ...shared, secret: 'returns/okta' });
    });
    assert.match(session.account, /apps\/\w+$/);
    assert.doesNotMatch(session.account, /0oaShared/);
  });

  it('say which application Okta does not know', async () => {
    const { session } = bench({}, (admin) => {
      admin.grants[0].app = '0oaNotThere';
    });
    assertCode(await rejection(session.list()), 'issuer-refused', '0oaNotThere');
  });

  it('do not help with a wrong API token', async () => {
    const { session } = bench({}, (admin) => {
      admin.token = 'wrong';
    });
    assertCode(await rejection(session.list()), 'admin-credential-rejected');
  });
});

it('refuses an address of Okta with a path, such as that of an authorization server', () => {
  const withPath = (admin: AdminJson) => {
    admin.url += '/oauth2/default';
  };
  assert.throws(() => bench({}, withPath), { code: 'admin-invalid', message: /The field url of/ });
});

describe('okta: states', () => {
  it('call a secret that was deactivated disabled, since it can be activated again', async () => {
    const { session, manage } = bench();
    await session.install(new Secret('o'.repeat(64)), {});
    const { handle } = await session.install(VALUE, {});
    await manage('POST', `/${idOf(handle)}/lifecycle/deactivate`);
    assert.deepEqual(
      (await session.list()).map(({ state, active }) => [state, active]),
      [
        ['active', true],
        ['disabled', false],
      ],
    );
    await manage('POST', `/${idOf(handle)}/lifecycle/activate`);
    assert.equal((await session.identify(VALUE))?.state, 'active');
  });

  it('know of a secret whose creation was answered in a form that is not documented', async () => {
    const { session, world, issuer } = bench();
    world.intercept(async (request) => {
      if (request.method !== 'POST') return undefined;
      await issuer.fetch(request.clone());
      return Response.json({ odd: true }, { status: 201 });
    });
    const { handle, state } = await session.install(VALUE, {});
    assert.deepEqual([handle, state], [(await live(issuer))[0]?.handle, 'active']);
  });
});

describe('okta: revoke', () => {
  it('refuses to take the only active secret, and leaves it active', async () => {
    const { session, manage } = bench();
    const { handle } = await session.install(VALUE, {});
    assertCode(await rejection(session.revoke(handle)), 'issuer-refused', 'no other active');
    const other = await session.install(new Secret('o'.repeat(64)), {});
    await manage('POST', `/${idOf(other.handle)}/lifecycle/deactivate`);
    assertCode(await rejection(session.revoke(handle)), 'issuer-refused', 'no other active');
    assert.equal((await session.probe(VALUE)).outcome, 'active');
  });

  it("revokes what the list leaves out, and takes only Okta's own word for gone", async () => {
    const knobs: IssuerKnobs = {};
    const { session } = bench({ knobs });
    await session.install(new Secret('o'.repeat(64)), {});
    const { handle } = await session.install(VALUE, {});
    knobs.omits = (listed) => listed === handle;
    await session.revoke(handle);
    assert.equal((await session.probe(VALUE)).outcome, 'inactive');
    delete knobs.omits;
    assert.ok(!(await session.list()).some((one) => one.handle === handle));
    await session.revoke(handle);
  });

  it("takes no other answer than Okta's own for a deactivation or a deletion", async () => {
    const { session, world, issuer } = bench();
    await session.install(new Secret('o'.repeat(64)), {});
    const { handle } = await session.install(VALUE, {});
    world.intercept((request) =>
      request.method === 'DELETE' ? new Response('<html>Sign in</html>') : undefined,
    );
    assertCode(await rejection(session.revoke(handle)), 'issuer-response-invalid', 'and lists it');
    const other = bench();
    await other.session.install(new Secret('o'.repeat(64)), {});
    const second = await other.session.install(VALUE, {});
    other.world.intercept((request) =>
      request.url.endsWith('/deactivate')
        ? Response.json({ id: idOf(second.handle), status: 'ACTIVE', created: '2026-03-02T10:17:30.000Z' })
        : undefined,
    );
    assertCode(
      await rejection(other.session.revoke(second.handle)),
      'issuer-response-invalid',
      'and lists it',
    );
    assert.ok(!other.world.sent.some(({ method }) => method === 'DELETE'));
    assert.equal((await live(issuer)).length, 1);
  });

  it('goes on where a broken run stopped, after the deactivation', async () => {
    const { session, world } = bench();
    await session.install(new Secret('o'.repeat(64)), {});
    const { handle } = await session.install(VALUE, {});
    world.intercept((request) =>
      request.method === 'DELETE' ? new Response(null, { status: 500 }) : undefined,
    );
    assertCode(await rejection(session.revoke(handle)), 'issuer-unreachable');
    world.intercept(undefined);
    await session.revoke(handle);
    assert.equal(await session.identify(VALUE), undefined);
  });

  it('takes a deletion for done that another run did first', async () => {
    const { session, world, issuer } = bench();
    await session.install(new Secret('o'.repeat(64)), {});
    const { handle } = await session.install(VALUE, {});
    world.intercept(async (request) => {
      if (request.method !== 'GET') await issuer.revokeByHand(handle);
      return undefined;
    });
    await session.revoke(handle);
    assert.equal((await session.probe(VALUE)).outcome, 'inactive');
  });
});

describe('okta: probe', () => {
  const withScopes = (scopes: string[]) =>
    bench({}, (admin) => {
      admin.grants[0].scopes = scopes;
    });

  it('tells the scopes when the grant names some, and keeps no access token', async () => {
    const { session } = withScopes(['keyturn.use']);
    await session.install(VALUE, {});
    assert.deepEqual(await session.probe(VALUE), { outcome: 'active', scopes: ['keyturn.use'] });
    assert.deepEqual(await session.probe(new Secret('x'.repeat(64))), { outcome: 'inactive' });
  });

  it('does not know when the scopes are wrong: that is the fault of the grant', async () => {
    const { session } = withScopes(['nobody.knows']);
    await session.install(VALUE, {});
    const probe = await session.probe(VALUE);
    assert.ok(probe.outcome === 'unknown' && probe.reason.includes('invalid_scope'));
  });

  it('does not know when the client id is wrong, though Okta calls that invalid_client too', async () => {
    const { session } = bench({}, (admin) => {
      admin.grants[0].clientId = 'somebody-else';
    });
    await session.install(VALUE, {});
    const probe = await session.probe(VALUE);
    assert.ok(probe.outcome === 'unknown' && probe.reason.includes('somebody-else'));
  });

  it('takes for a refusal the one sentence that is about the secret', async () => {
    const { session, world } = bench();
    const said = async (status: number, description?: string) => {
      world.intercept(() =>
        Response.json({ error: 'invalid_client', error_description: description }, { status }),
      );
      return (await session.probe(VALUE)).outcome;
    };
    const secret = 'The client secret supplied for a confidential client is invalid.';
    assert.equal(await said(401, secret), 'inactive');
    for (const status of [200, 400, 403]) assert.equal(await said(status, secret), 'unknown');
    for (const other of [
      undefined,
      '',
      'No client credentials found',
      "Invalid value for the 'client_id' parameter",
      'Client authentication failed. Either the client or the client credentials are invalid.',
      'Client Credentials requests to the Org Authorization Server must use the private_key_jwt ' +
        'token_endpoint_auth_method.',
    ])
      assert.equal(await said(401, other), 'unknown', other);
  });

  it('does not know whether a secret is inactive whose application is gone, at either endpoint', async () => {
    for (const scopes of [undefined, ['keyturn.use']]) {
      const knobs: IssuerKnobs = {};
      const { session } = bench({ knobs }, (admin) => {
        if (scopes) admin.grants[0].scopes = scopes;
      });
      await session.install(VALUE, {});
      knobs.gone = new Set([SECRET]);
      assert.equal((await session.probe(VALUE)).outcome, 'unknown');
      assertCode(await rejection(session.list()), 'issuer-refused');
    }
  });

  it('takes for a token answer one with an access token', async () => {
    const { session, world } = withScopes(['keyturn.use']);
    await session.install(VALUE, {});
    world.intercept(() => Response.json({ token_type: 'Bearer', expires_in: 3600, scope: 'keyturn.use' }));
    assert.equal((await session.probe(VALUE)).outcome, 'unknown');
  });

  it(
    "knows a refused API token by Okta's own code, and takes one " +
      'that cannot see the application for good',
    async () => {
      const { issuer, world } = bench();
      const said = async (status: number, errorCode: string) => {
        world.intercept(() => Response.json({ errorCode, errorSummary: 's', errorId: 'oae' }, { status }));
        return (await okta.examine(new Secret(issuer.adminSecret([SECRET])), world.tools)).outcome;
      };
      assert.deepEqual(
        [await said(401, 'E0000011'), await said(403, 'E0000006'), await said(404, 'E0000007')],
        ['inactive', 'inactive', 'active'],
      );
      for (const status of [401, 403, 404]) assert.equal(await said(status, 'E0000001'), 'unknown');
    },
  );

  it('does not quote an error code that Okta would not send', async () => {
    const { session, world } = bench();
    world.intercept(() => Response.json({ error: 'canary 77' }, { status: 400 }));
    assert.ok(!JSON.stringify(await session.probe(VALUE)).includes('canary'));
  });

  it('is not sent to the server that refuses every client secret', () => {
    assert.throws(
      () =>
        bench({}, (admin) => {
          admin.grants[0].tokenEndpoint = '/oauth2/v1/token';
        }),
      { code: 'admin-invalid', message: /custom authorization server/ },
    );
  });

  it('sees both lags of the simulator', async () => {
    const { session, clock } = bench({ delays: { propagation: 10 * SECOND, revokeLag: MINUTE } });
    await session.install(new Secret('o'.repeat(64)), {});
    const { handle } = await session.install(VALUE, {});
    const seen = async () => (await session.probe(VALUE)).outcome;
    assert.equal(await seen(), 'inactive');
    await clock.advanceBy(10 * SECOND);
    assert.equal(await seen(), 'active');
    await session.revoke(handle);
    assert.equal(await seen(), 'active');
    await clock.advanceBy(MINUTE);
    assert.equal(await seen(), 'inactive');
  });
});

describe('okta simulator', () => {
  it('shows live values in lists, and the provider keeps none of them', async () => {
    const { session, manage } = bench();
    await session.install(VALUE, {});
    assert.ok((await (await manage('GET')).text()).includes(VALUE.reveal()));
    assert.ok(
      !JSON.stringify([await session.list(), await session.identify(VALUE)]).includes(VALUE.reveal()),
    );
  });

  it('takes secrets of 14 to 100 printable ASCII characters', async () => {
    for (const [value, fits] of [
      ['x'.repeat(13), false],
      ['x'.repeat(14), true],
      ['x'.repeat(100), true],
      ['x'.repeat(101), false],
      [`${'x'.repeat(20)}\u00e9`, false],
      [`${'x'.repeat(20)}\n`, false],
      [' ~'.repeat(8), true],
    ] as const) {
      const { session } = bench();
      const outcome = await session.install(new Secret(value), {}).then(
        () => true,
        () => false,
      );
      assert.equal(outcome, fits, JSON.stringify(value));
    }
  });

  it('refuses in the form of the specification', async () => {
    const { session, manage } = bench();
    const { handle } = await session.install(VALUE, {});
    const body: unknown = await (await manage('DELETE', `/${idOf(handle)}`)).json();
    assert.deepEqual(body, {
      errorCode: 'E0000001',
      errorSummary: 'Api validation failed: OAuth2ClientSecretMediated',
      errorLink: 'E0000001',
      errorId: 'oae-sandbox',
      errorCauses: [
        {
          errorSummary: "You can't delete an active client secret. Deactivate the secret before deleting it.",
        },
      ],
    });
  });

  it('lists late, leaves out and is hidden, where it is told to', async () => {
    const knobs: IssuerKnobs = { listDelay: SECOND };
    const { session, clock } = bench({ knobs });
    const { handle } = await session.install(VALUE, {});
    assert.deepEqual(await session.list(), []);
    await clock.advanceBy(SECOND);
    assert.deepEqual(
      (await session.list()).map((one) => one.handle),
      [handle],
    );
    knobs.omits = () => true;
    assert.deepEqual(await session.list(), []);
    knobs.gateway = () => Response.json({ message: 'Unauthorized' }, { status: 401 });
    assert.equal((await session.probe(VALUE)).outcome, 'unknown');
  });

  it('deletes inactive secrets only', async () => {
    const { session, manage } = bench();
    const { handle } = await session.install(VALUE, {});
    assert.equal((await manage('DELETE', `/${idOf(handle)}`)).status, 400);
    assert.equal((await manage('DELETE', '/ocsnothere')).status, 404);
  });

  it('answers 429 until the minute is over, and the provider waits for that', async () => {
    const { session, clock } = bench({ requestsPerMinute: 2 });
    const start = clock.now();
    for (let call = 0; call < 3; call++) await session.list();
    assert.equal(clock.now(), start + 30 * SECOND);
  });

  it('knows consumers by their credential and their agent', async () => {
    const { issuer } = bench();
    const text = await issuer.createByHand(SECRET);
    const [credential] = await issuer.credentials(SECRET);
    assert.ok(credential);
    assert.equal((await issuer.fetch(issuer.consume(text, 'shop/1'))).status, 200);
    assert.equal((await issuer.fetch(issuer.consume(credential.value, 'shop/2'))).status, 200);
    await issuer.revokeByHand(credential.handle);
    assert.equal((await issuer.fetch(issuer.consume(text, 'shop/3'))).status, 401);
    const uses = issuer.log().map(({ agent, status, handle }) => [agent, status, handle]);
    assert.deepEqual(uses, [
      ['shop/1', 200, credential.handle],
      ['shop/2', 200, credential.handle],
      ['shop/3', 401, credential.handle],
    ]);
  });
});
