import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY } from '../../functions/core/basics/time.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { loginsAt } from '../../functions/providers/entra/clouds.ts';
import { entra } from '../../functions/providers/entra/index.ts';
import { entraSimulator } from '../../lib/sandbox/issuers/entra.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, listing, marked, withSetup } from '../contracts/setup.ts';
import { assertCode, everythingIn, rejection } from '../contracts/world.ts';
import { contractOf } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(entra, {
    accountFields: ['application'],
    made: { id: 'keyId', value: 'secretText' },
    logsIn: true,
    adminCredentials: (admin: AdminJson) => [admin['clientSecret']],
    malformed: ['clientSecret', 'clientId', 'tenant', 'grants[0].application'].map((field) => ({
      field,
      breakIt: (admin: AdminJson, canary: string) => {
        if (field === 'clientSecret') admin[field] = { canary };
        else if (field.startsWith('grants')) admin['grants'][0].application = `${canary}')/../x`;
        else admin[field] = canary;
      },
    })),
    mayCall: ({ host, method, path, text }, account) => {
      const id = account.split('/').at(-1) ?? '';
      if (host.startsWith('login.'))
        return method === 'POST' && path.endsWith('/oauth2/v2.0/token') && text.includes('client_id=');
      return path.startsWith(`/v1.0/applications(appId='${id}')`);
    },
  }),
  name: 'entra against its simulator',
  createIssuer: (clock) => entraSimulator({ clock }),
};

defineProviderContract(CONTRACT);

const APP = '00000000-0000-4000-8000-000000000001';
const WRONG = {
  error: 'invalid_client',
  error_codes: [7000215],
  error_description:
    'AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the ' +
    `client secret value, not the client secret ID, for a secret added to app '${APP}'. Trace ID: 0`,
};
const EXPIRED = {
  error: 'invalid_client',
  error_codes: [7000222],
  error_description: `AADSTS7000222: The provided client secret keys for app '${APP}' are expired. Visit …`,
};
const changed = (body: typeof WRONG, from: string, to: string): object => ({
  ...body,
  error_description: body.error_description.replace(from, to),
});

describe('what Microsoft Entra says of a client secret', () => {
  for (const [name, body] of [
    ['was removed', WRONG],
    ['is at its end', EXPIRED],
  ] as const)
    it(`is believed where it names the application, of one that ${name}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json(body, { status: 401 }));
        assert.deepEqual(await session.probe(value), { outcome: 'inactive' });
      }));

  for (const [name, status, body] of [
    ['of another application', 401, changed(WRONG, APP, APP.replace('1', '2'))],
    ['of another application that is at its end', 401, changed(EXPIRED, APP, APP.replace('1', '2'))],
    ['without a name', 401, changed(WRONG, `for a secret added to app '${APP}'`, '')],
    ['with another status', 400, WRONG],
    ['with another code', 401, { ...WRONG, error_codes: [7000222] }],
    ['with one more code', 401, { ...WRONG, error_codes: [7000215, 53003] }],
    ['with another error', 401, { ...WRONG, error: 'unauthorized_client' }],
    ['of an application that the tenant does not know', 400, { ...WRONG, error_codes: [700016] }],
    ['of a policy', 401, { ...WRONG, error_codes: [53003] }],
  ] as const)
    it(`is no verdict where it is a refusal ${name}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json(body, { status }));
        assert.equal((await session.probe(value)).outcome, 'unknown');
      }));

  it('tells one that has expired from one that is wrong, in the simulator as well', () =>
    withSetup(CONTRACT, async ({ session, clock, issuer, world }) => {
      const { value } = await issue(session, marked(1));
      await clock.advanceBy(61 * DAY);
      const seen: unknown[] = [];
      world.intercept(async (request) => {
        const answer = await issuer.fetch(request.clone());
        seen.push(JSON.parse(await answer.clone().text()).error_codes);
        return answer;
      });
      assert.deepEqual(await session.probe(value), { outcome: 'inactive' });
      await session.probe(new Secret('nobody-made-this'));
      assert.deepEqual(seen, [[7000222], [7000215]]);
    }));
});

describe('entra', () => {
  it('asks about a value under the application of its grant, for a token of Microsoft Graph', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { value } = await issue(session, marked(1));
      world.sent.length = 0;
      await session.probe(value);
      const [sent] = world.sent;
      const form = new URLSearchParams(sent?.text.split('\n').at(-1) ?? '');
      assert.deepEqual(Object.fromEntries(form), {
        client_id: APP,
        client_secret: value.reveal(),
        scope: 'https://graph.keyturn.test/.default',
        grant_type: 'client_credentials',
      });
      assert.equal(sent?.host, 'login.keyturn.test');
      assert.ok(!sent.text.includes('authorization'));
    }));

  it('notes the client id beside what it makes', () =>
    withSetup(CONTRACT, async ({ session }) => {
      assert.ok(session.kind === 'minting');
      const { fields } = await session.mint({ marker: marked(1), expiresAt: undefined });
      assert.deepEqual(fields, { client_id: APP });
    }));

  it('logs in and asks where the national cloud does it', () => {
    assert.deepEqual(
      [
        'https://graph.microsoft.com',
        'https://graph.microsoft.us',
        'https://dod-graph.microsoft.us',
        'https://microsoftgraph.chinacloudapi.cn',
        'https://proxy.example',
      ].map(loginsAt),
      [
        'https://login.microsoftonline.com',
        'https://login.microsoftonline.us',
        'https://login.microsoftonline.us',
        'https://login.partner.microsoftonline.cn',
        'https://proxy.example',
      ],
    );
    const graphs = (entra.descriptor.hosts ?? []).filter((host) => host.includes('graph'));
    assert.equal(graphs.length, 4);
    for (const host of graphs) {
      const login = new URL(loginsAt(`https://${host}`)).host;
      assert.ok(login !== host && entra.descriptor.hosts?.includes(login), host);
    }
  });

  it('names no password where two have the same hint, or one has none', () =>
    withSetup(CONTRACT, async ({ session, issuer, world }) => {
      const { value, handle } = await issue(session, marked(1));
      await issue(session, marked(2));
      assert.equal((await session.identify(value))?.handle, handle);
      for (const hint of [value.reveal().slice(0, 3), null]) {
        world.intercept(async (request) => {
          if (request.method !== 'GET') return undefined;
          const list = JSON.parse(await (await issuer.fetch(request.clone())).text());
          list.passwordCredentials[1].hint = hint;
          return Response.json(list);
        });
        assert.equal(await session.identify(value), undefined);
      }
    }));

  it('names no password by its hint alone', () =>
    withSetup(CONTRACT, async ({ session }) => {
      const { value } = await issue(session, marked(1));
      assert.equal(await session.identify(new Secret(`${value.reveal().slice(0, 20)}-made-up`)), undefined);
    }));

  it('asks for an end in whole seconds, and tells of one that is later or missing', () =>
    withSetup(CONTRACT, async ({ session, issuer, world, clock }) => {
      assert.ok(session.kind === 'minting');
      const expiresAt = clock.now() + 10 * DAY;
      const made = await session.mint({ marker: marked(1), expiresAt });
      assert.deepEqual([made.differs, made.expiresAt], [undefined, expiresAt]);
      for (const endDateTime of ['2027-03-02T10:17:30.1234567Z', null]) {
        world.intercept(async (request) => {
          const answer = JSON.parse(await (await issuer.fetch(request.clone())).text());
          return Response.json({ ...answer, endDateTime });
        });
        const { differs } = await session.mint({ marker: marked(2), expiresAt });
        assert.equal(differs, 'a later expiry');
      }
    }));

  it('takes an application without its passwords for no list', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      for (const answer of [{}, { appId: APP }, { appId: APP, passwordCredentials: null }]) {
        world.intercept(() => Response.json(answer));
        assertCode(await rejection(session.list()), 'issuer-response-invalid');
      }
    }));

  it('takes a password for gone only where the list agrees', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { handle } = await issue(session, marked(1));
      world.intercept((request) =>
        request.url.endsWith('/removePassword') ? Response.json({ error: {} }, { status: 400 }) : undefined,
      );
      assertCode(await rejection(session.revoke(handle)), 'issuer-response-invalid', handle);
      world.intercept(undefined);
      await session.revoke(handle);
      await session.revoke(handle);
    }));

  it('does not take an application that is gone for one without passwords', () =>
    withSetup(CONTRACT, async ({ admin, world }) => {
      const text = JSON.stringify(admin).replace(APP, '00000000-0000-4000-8000-00000000dead');
      const session = listing(entra.open(new Secret(text), SECRET, world.tools));
      assertCode(await rejection(session.list()), 'issuer-refused', 'knows no application');
    }));

  for (const [code, error, says] of [
    [7000215, 'admin-credential-rejected', 'does not know the client secret'],
    [7000222, 'admin-credential-rejected', 'the client secret has expired'],
    [700016, 'issuer-refused', 'the tenant knows no such application'],
    [90002, 'issuer-refused', 'there is no such tenant'],
  ] as const)
    it(`says what a login was refused for: ${says}`, () =>
      withSetup(CONTRACT, async ({ admin, world }) => {
        const status = error === 'issuer-refused' ? 400 : 401;
        world.intercept(() => Response.json({ ...WRONG, error_codes: [code] }, { status }));
        const session = listing(entra.open(new Secret(JSON.stringify(admin)), SECRET, world.tools));
        const refused = await rejection(session.list());
        assertCode(refused, error, says);
        assert.ok(!everythingIn(refused).includes(admin['clientSecret']));
      }));

  it('says that a policy of the tenant allows no client secret for so long', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      assert.ok(session.kind === 'minting');
      const error = {
        code: 'CredentialInvalidLifetimeAsPerAppPolicy',
        message: 'Credential lifetime exceeds …',
      };
      world.intercept(() => Response.json({ error }, { status: 400 }));
      const refused = await rejection(session.mint({ marker: marked(1), expiresAt: undefined }));
      assertCode(refused, 'issuer-refused', 'lower maxDays');
    }));
});
