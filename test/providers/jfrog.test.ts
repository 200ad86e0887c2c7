import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { HOUR, SECOND } from '../../functions/core/basics/time.ts';
import { jfrog } from '../../functions/providers/jfrog/index.ts';
import { jfrogSimulator } from '../../lib/sandbox/issuers/jfrog.ts';
import { defineProviderContract, type ProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, marked, withSetup, type Setup } from '../contracts/setup.ts';
import { assertCode, rejection } from '../contracts/world.ts';
import { contractOf } from './contract-of.ts';

const TOKENS = '/access/api/v1/tokens';

const CONTRACT: ProviderContract = {
  ...contractOf(jfrog, {
    accountFields: ['user'],
    made: { id: 'token_id', value: 'access_token' },
    mayCall: ({ path }, account) =>
      path === TOKENS ||
      path === `${TOKENS}?username=${account.slice(account.lastIndexOf('/') + 1)}` ||
      /^\/access\/api\/v1\/tokens\/(me|[0-9a-f-]{36})$/.test(path),
  }),
  name: 'jfrog against its simulator',
  createIssuer: (clock) => jfrogSimulator({ clock }),
};

defineProviderContract(CONTRACT);

const ID = '00000001-0000-4000-8000-000000000000';
const self = (subject: string) => ({ token_id: ID, subject, issued_at: 1_772_446_650, refreshable: false });
const saying = (message: string, code = 'UNAUTHORIZED') => ({ errors: [{ code, message }] });

/** Changes the answer to a creation on its way. */
function altering({ world, issuer }: Setup, change: (made: Record<string, unknown>) => object): void {
  world.intercept(async (request) => {
    if (request.method !== 'POST') return undefined;
    return Response.json(change(JSON.parse(await (await issuer.fetch(request.clone())).text())));
  });
}

const bodiesOf = ({ world }: Setup): unknown[] =>
  world.sent
    .filter(({ method }) => method === 'POST')
    .map(({ text }) => JSON.parse(text.split('\n').at(-1) ?? ''));

describe('jfrog', () => {
  for (const [name, status, body, outcome] of [
    ['its user', 200, self('jfac@01h2/users/ci-1'), 'active'],
    ['another user', 200, self('jfac@01h2/users/ci-2'), 'unknown'],
    ['a user whose name ends alike', 200, self('jfac@01h2/users/x/ci-1'), 'unknown'],
    ['a service', 200, self('jfrt@01h2'), 'unknown'],
    ['that it is expired', 401, saying('Invalid token, expired'), 'inactive'],
    ['that it is revoked', 401, saying('Invalid token, revoked'), 'inactive'],
    ['that it is no token', 401, saying('Invalid token, parse'), 'inactive'],
    ["that it is another platform's", 401, saying('Invalid token, signature'), 'unknown'],
    ['that it is for other services', 401, saying('Invalid token, audience'), 'unknown'],
    ['that it is expired, with another code', 401, saying('Invalid token, expired', 'X'), 'unknown'],
    ['that it is expired, and may not', 403, saying('Invalid token, expired'), 'unknown'],
    ['something longer', 401, saying('Invalid token, expired or not'), 'unknown'],
    ['that it may not', 403, saying('Forbidden', 'FORBIDDEN'), 'unknown'],
    ["Artifactory's word", 401, { errors: [{ status: 401, message: 'Bad credentials' }] }, 'unknown'],
  ] as const)
    it(`takes a token for ${outcome} to which JFrog says ${name}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json(body, { status }));
        assert.equal((await session.probe(value)).outcome, outcome);
      }));

  for (const value of [
    'AKCp5dKPjCr7f6AcbFcghhTUrGsaDy',
    'cmVmdGtuOjAxOjE3NzI0NDY2NTA6YWJj',
    'APBTestTestTest',
  ])
    it(`does not say that ${value.slice(0, 4)}… is refused, which Artifactory may take`, () =>
      withSetup(CONTRACT, async ({ session }) =>
        assert.equal((await session.probe(new Secret(value))).outcome, 'unknown'),
      ));

  it('does not say that the token of another platform is refused', () =>
    withSetup(CONTRACT, async ({ session }) => {
      const parts = [{ alg: 'RS256' }, { iss: 'jfac@elsewhere', jti: ID }];
      const [head, body] = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
      assert.equal((await session.probe(new Secret(`${head}.${body}.c2lnbmF0dXJl`))).outcome, 'unknown');
    }));

  it('asks for a token that is revocable, ends, and is not refreshable', () =>
    withSetup(CONTRACT, async (setup) => {
      await issue(setup.session, marked(1));
      assert.deepEqual(bodiesOf(setup), [
        {
          username: 'ci-1',
          scope: 'applied-permissions/groups:readers',
          expires_in: 60 * 86_400,
          refreshable: false,
          include_reference_token: false,
          force_revocable: true,
          description: marked(1),
        },
      ]);
    }));

  it('asks for no life that JFrog cannot end', () =>
    withSetup(CONTRACT, async ({ session, world, clock }) => {
      const short = await rejection(issue(session, marked(1), clock.now() + 6 * HOUR - SECOND));
      assertCode(short, 'bad-request', 'too short', 'six hours');
      assert.equal(world.sent.length, 0);
      const { handle } = await issue(session, marked(1), clock.now() + 6 * HOUR);
      await session.revoke(handle);
    }));

  for (const [differs, change] of [
    ['other scopes', { scope: 'applied-permissions/admin' }],
    ['other scopes', { scope: 'applied-permissions/groups:readers artifact:x:r' }],
    ['a token that refreshes it', { refresh_token: 'r' }],
    ['no mark that it can be revoked', { access_token: 'eyJhIjoxfQ.eyJqdGkiOiJ4In0.c2ln' }],
    ['no mark that it can be revoked', { access_token: 'cmVmdGtuOjAxOjE3NzI0NDY2NTA6YWJj' }],
  ] as const)
    it(`tells of a token that was made with ${differs}: ${Object.values(change).join()}`, () =>
      withSetup(CONTRACT, async (setup) => {
        assert.ok(setup.session.kind === 'minting');
        altering(setup, (made) => ({ ...made, ...change }));
        const made = await setup.session.mint({ marker: marked(1), expiresAt: undefined });
        assert.equal(made.differs, differs);
      }));

  it('tells of a token that the list does not show', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      assert.ok(session.kind === 'minting');
      world.intercept((request) => (request.method === 'GET' ? Response.json({ tokens: [] }) : undefined));
      const { differs } = await session.mint({ marker: marked(1), expiresAt: undefined });
      assert.equal(differs, 'a name that it does not show');
    }));

  it('shows tokens of its user alone, whatever else a list has', () =>
    withSetup(CONTRACT, async ({ session, other, issuer, world }) => {
      const { handle } = await issue(session, marked(1));
      await issue(other, marked(2));
      world.intercept((request) => issuer.fetch(new Request(request.url.split('?')[0] ?? '', request)));
      assert.deepEqual(
        (await session.list()).map((one) => one.handle),
        [handle],
      );
    }));

  it('reads tokens of services, and those without an end and a description', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const common = { issued_at: 1_772_446_650, issuer: 'jfac@01h2', refreshable: false };
      const token = { ...common, token_id: ID, subject: 'jfac@01h2/users/ci-1', expiry: 0 };
      const service = { ...common, token_id: 'x', subject: 'jfrt@01h2', description: null };
      world.intercept(() => Response.json({ tokens: [token, service] }));
      const [one, ...more] = await session.list();
      assert.ok(one?.active && !('name' in one) && !('expiresAt' in one) && more.length === 0);
    }));

  it('takes a revocation for done only when the list shows it', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { handle } = await issue(session, marked(1));
      for (const status of [200, 204]) {
        world.intercept((request) =>
          request.method === 'DELETE' ? new Response(null, { status }) : undefined,
        );
        assertCode(await rejection(session.revoke(handle)), 'issuer-refused');
      }
    }));

  it('says that JFrog does not revoke a token that it made too short', () =>
    withSetup(CONTRACT, async ({ session, issuer, world, admin }) => {
      const made = await issuer.fetch(
        new Request(`https://${issuer.host}${TOKENS}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${admin['token']}` },
          body: JSON.stringify({ username: 'ci-1', expires_in: 4 * 3_600 }),
        }),
      );
      const { token_id: id, access_token: value } = JSON.parse(await made.text());
      assertCode(await rejection(session.revoke(`${session.account}/${id}`)), 'issuer-refused', '400');
      assert.equal((await session.probe(new Secret(value))).outcome, 'active');
      assert.equal(world.sent.filter(({ method }) => method === 'DELETE').length, 1);
    }));

  for (const scope of [
    'applied-permissions/admin',
    '*',
    'system:identities:w',
    'applied-permissions/groups:a applied-permissions/admin',
    'artifact:libs:rw x',
  ])
    it(`asks for no token with the scope ${scope}`, () =>
      withSetup(CONTRACT, async ({ admin, world }) => {
        admin['grants'][0].scopes = [scope];
        const text = new Secret(JSON.stringify(admin));
        const opening = Promise.resolve().then(() => jfrog.open(text, SECRET, world.tools));
        assertCode(await rejection(opening), 'admin-invalid', 'grants[0].scopes[0]');
      }));
});
