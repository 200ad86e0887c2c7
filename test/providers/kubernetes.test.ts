import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { DAY, SECOND } from '../../functions/core/basics/time.ts';
import { kubernetes } from '../../functions/providers/kubernetes/index.ts';
import { kubernetesSimulator } from '../../lib/sandbox/issuers/kubernetes.ts';
import { AUDIENCE } from '../../lib/sandbox/issuers/kubernetes-tokens.ts';
import { defineProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, marked, withSetup, type Setup } from '../contracts/setup.ts';
import { assertCode, rejection, type Interceptor } from '../contracts/world.ts';
import { KUBERNETES } from './kubernetes-contract.ts';

const CONTRACT = {
  ...KUBERNETES,
  name: 'kubernetes against its simulator',
  createIssuer: (clock: Parameters<typeof kubernetesSimulator>[0]['clock']) => kubernetesSimulator({ clock }),
};

defineProviderContract(CONTRACT);

const SECRETS = '/api/v1/namespaces/outside-access/secrets';
const TOKEN = '/api/v1/namespaces/outside-access/serviceaccounts/app-1/token';
/** As managed clusters have one. */
const ISSUER = 'https://oidc.acme.example/id/1';
const UNAUTHORIZED = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: 'Unauthorized',
  reason: 'Unauthorized',
  code: 401,
};

/** Answers the requests for tokens. */
const onTokens =
  (answer: () => Response): Interceptor =>
  (request) =>
    new URL(request.url).pathname === TOKEN ? answer() : undefined;

/** What a Secret shows of the two that its handle has. */
function metadataOf(handle: string): { name: string; uid: string } {
  const [name = '', uid = ''] = handle.slice(handle.lastIndexOf('/') + 1).split(':');
  return { name, uid };
}

function listOf(metadata: object): object {
  const apiVersion = 'meta.k8s.io/v1';
  return { kind: 'PartialObjectMetadataList', apiVersion, metadata: {}, items: [{ metadata }] };
}

function review(username: string): Response {
  const status = { userInfo: { username } };
  return Response.json({ kind: 'SelfSubjectReview', status }, { status: 201 });
}

/** A token as the cluster signs them, with claims of the test's choice. */
function tokenWith(claims: object): Secret {
  const parts = [{ alg: 'RS256' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return new Secret(`${parts.join('.')}.${'s'.repeat(342)}`);
}

async function minted({ session }: Setup, expiresAt?: number) {
  assert.ok(session.kind === 'minting');
  return session.mint({ marker: marked(1), expiresAt });
}

describe('kubernetes', () => {
  it('makes a Secret of the name, and binds a token to it by its UID, for the API server alone', () =>
    withSetup(CONTRACT, async (setup) => {
      await minted(setup);
      const sent = setup.world.sent.map(({ method, path, text }) => ({
        call: `${method} ${path}`,
        body: JSON.parse(text.split('\n').at(-1) ?? ''),
      }));
      assert.deepEqual(sent, [
        {
          call: `POST ${SECRETS}`,
          body: {
            apiVersion: 'v1',
            kind: 'Secret',
            metadata: {
              name: marked(1),
              labels: { 'keyturn-service-account': 'app-1' },
              annotations: { 'keyturn-expiration-seconds': '5184000' },
            },
            type: 'Opaque',
          },
        },
        {
          call: `POST ${TOKEN}`,
          body: {
            apiVersion: 'authentication.k8s.io/v1',
            kind: 'TokenRequest',
            spec: {
              expirationSeconds: 5_184_000,
              boundObjectRef: {
                apiVersion: 'v1',
                kind: 'Secret',
                name: marked(1),
                uid: '0b7e5ad0-0000-4000-8000-000000000001',
              },
            },
          },
        },
      ]);
    }));

  for (const [name, answer, code, word] of [
    ['may not be asked for', () => Response.json({}, { status: 403 }), 'admin-credential-rejected', TOKEN],
    [
      'is of no service account',
      () =>
        Response.json({ message: 'serviceaccounts "app-1" not found', reason: 'NotFound' }, { status: 404 }),
      'issuer-refused',
      'no such service account',
    ],
    ['meets an outage', () => new Response('', { status: 503 }), 'issuer-unreachable', TOKEN],
  ] as const)
    it(`finds by its name the Secret whose token ${name}, and deletes it as any other`, () =>
      withSetup(CONTRACT, async (setup) => {
        const { session, issuer, world } = setup;
        world.intercept(onTokens(answer));
        assertCode(await rejection(minted(setup)), code, word);
        const [left, ...more] = await session.list();
        assert.deepEqual([left?.name, left?.state, more], [marked(1), 'active', []]);
        await session.revoke(left?.handle ?? '');
        assert.deepEqual(await session.list(), []);
        assert.ok((await issuer.credentials(SECRET)).every(({ live }) => !live));
      }));

  it('does not ask for a token where it did not make the Secret', () =>
    withSetup(CONTRACT, async (setup) => {
      await minted(setup);
      setup.world.sent.length = 0;
      assertCode(await rejection(minted(setup)), 'issuer-refused', 'earlier try');
      assert.deepEqual(
        setup.world.sent.map(({ path }) => path),
        [SECRETS],
      );
    }));

  it('tells the handle of a Secret whose dates are not there', () =>
    withSetup(CONTRACT, async (setup) => {
      const { issuer, world } = setup;
      world.intercept(async (request) => {
        if (new URL(request.url).pathname !== SECRETS) return undefined;
        const { metadata, ...rest } = JSON.parse(await (await issuer.fetch(request.clone())).text());
        const { name, uid } = metadata;
        return Response.json({ ...rest, metadata: { name, uid } }, { status: 201 });
      });
      const { handle, differs } = await minted(setup);
      assert.equal(differs, 'fields that are not as documented');
      assert.equal(handle, (await issuer.credentials(SECRET))[0]?.handle);
    }));

  for (const [length, differs] of [
    [86_400, 'a life of 86400 seconds, since the cluster allows no more'],
    [366 * 86_400, 'a later expiry'],
    [undefined, 'an end that it does not tell'],
    [5_184_000, undefined],
  ] as const)
    it(`tells of a token with a life of ${length ?? 'no known'} seconds: ${differs ?? 'nothing'}`, () =>
      withSetup(CONTRACT, async (setup) => {
        const iat = setup.clock.now() / SECOND;
        const token = tokenWith({ iat, ...(length !== undefined && { exp: iat + length }) }).reveal();
        setup.world.intercept(onTokens(() => Response.json({ status: { token } }, { status: 201 })));
        assert.equal((await minted(setup)).differs, differs);
      }));

  it('asks for names and dates of Secrets of the service account alone, and reads all pages', () =>
    withSetup(CONTRACT, async ({ session, other, issuer, world }) => {
      await issue(other, marked(0));
      for (let index = 1; index <= 5; index++) await issue(session, marked(index));
      world.sent.length = 0;
      // The server may give fewer than were asked for.
      world.intercept((request) =>
        issuer.fetch(new Request(request.url.replace('limit=250', 'limit=2'), request)),
      );
      assert.equal((await session.list()).length, 5);
      assert.equal(world.sent.length, 3);
      for (const { path, text } of world.sent) {
        assert.match(path, /[?&]labelSelector=keyturn-service-account%3Dapp-1/);
        assert.match(text, /^accept: application\/json;as=PartialObjectMetadataList;g=meta\.k8s\.io;v=v1$/m);
      }
    }));

  it('takes no list that has more than names and dates, or none', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const lists = [
        { kind: 'SecretList', apiVersion: 'meta.k8s.io/v1', metadata: {}, items: [] },
        { kind: 'PartialObjectMetadataList', apiVersion: 'v1', metadata: {}, items: [] },
        { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata: {} },
        { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', items: [] },
      ];
      for (const one of lists) {
        world.intercept(() => Response.json(one));
        assertCode(await rejection(session.list()), 'issuer-response-invalid');
      }
      world.intercept(undefined);
      assert.deepEqual(await session.list(), []);
    }));

  it('tells no end of a Secret that a person made, and the end of its token', () =>
    withSetup(CONTRACT, async ({ session, issuer, clock }) => {
      const { token } = JSON.parse(await issuer.createByHand(SECRET));
      const [listed] = await session.list();
      assert.equal(listed?.expiresAt, undefined);
      const probe = await session.probe(new Secret(token));
      assert.deepEqual(probe, { outcome: 'active', expiresAt: clock.now() + 365 * DAY });
      const known = await session.identify(new Secret(token));
      assert.deepEqual([known?.handle, known?.expiresAt], [listed?.handle, clock.now() + 365 * DAY]);
    }));

  it('deletes a Secret by its UID, and leaves one that has its name since', () =>
    withSetup(CONTRACT, async (setup) => {
      const { session, issuer, world } = setup;
      const { handle } = await minted(setup);
      world.sent.length = 0;
      await session.revoke(handle);
      const [, deletion] = world.sent;
      assert.equal(`${deletion?.method} ${deletion?.path}`, `DELETE ${SECRETS}/${marked(1)}`);
      assert.ok(deletion?.text.includes('"preconditions":{"uid":"0b7e5ad0-0000-4000-8000-000000000001"}'));
      const again = await minted(setup);
      assert.notEqual(again.handle, handle);
      await session.revoke(handle);
      // What was listed right before may have gone, and its name been taken anew.
      const before = { ...metadataOf(handle), creationTimestamp: '2026-03-02T10:17:30Z' };
      let looks = 0;
      world.intercept(({ method }) =>
        method === 'GET' && looks++ === 0 ? Response.json(listOf(before)) : undefined,
      );
      await session.revoke(handle);
      world.intercept(undefined);
      const [left] = (await issuer.credentials(SECRET)).filter(({ live }) => live);
      assert.equal(left?.handle, again.handle);
    }));

  it('sends nothing for a Secret of the namespace that is not of the service account', () =>
    withSetup(CONTRACT, async ({ session, other, world }) => {
      const { handle, value } = await issue(other, marked(1));
      world.sent.length = 0;
      await session.revoke(handle.replace('app-2', 'app-1'));
      assert.deepEqual(
        world.sent.map(({ method }) => method),
        ['GET'],
      );
      assert.equal((await other.probe(value)).outcome, 'active');
    }));

  it('takes a Secret that a finalizer keeps for revoked, and no other answer for a deletion', () =>
    withSetup(CONTRACT, async (setup) => {
      const { session, world } = setup;
      const { handle } = await minted(setup);
      const metadata = metadataOf(handle);
      const secret = { kind: 'Secret', apiVersion: 'v1', metadata };
      const status = { kind: 'Status', status: 'Success' };
      for (const body of [secret, status, { ...status, details: { kind: 'pods', uid: metadata.uid } }, {}]) {
        world.intercept((request) => (request.method === 'DELETE' ? Response.json(body) : undefined));
        assertCode(await rejection(session.revoke(handle)), 'issuer-response-invalid', handle);
      }
      const at = '2026-03-02T10:17:30Z';
      const kept = listOf({ ...metadata, creationTimestamp: at, deletionTimestamp: at });
      world.intercept((request) => Response.json(request.method === 'DELETE' ? secret : kept));
      await session.revoke(handle);
      assert.equal((await session.list())[0]?.state, 'revoked');
    }));

  it('takes the token of another service account for none of its own', () =>
    withSetup(CONTRACT, async ({ session, other }) => {
      const { value } = await issue(other, marked(1));
      const probe = await session.probe(value);
      assert.ok(probe.outcome === 'unknown' && probe.reason.includes('another user'), JSON.stringify(probe));
    }));

  for (const [name, aud, admin, outcome] of [
    ['of its own', [AUDIENCE], [AUDIENCE, 'x'], 'inactive'],
    ['of its own, alone', AUDIENCE, AUDIENCE, 'inactive'],
    ['of somebody else', ['vault'], [AUDIENCE], 'unknown'],
    ['of somebody else, with its issuer', [ISSUER], ['https://api.example'], 'unknown'],
    ['of nobody', undefined, [AUDIENCE], 'inactive'],
    ['that is its issuer', [ISSUER], undefined, 'inactive'],
    ['that is the usual one', ['https://kubernetes.default.svc'], undefined, 'inactive'],
    ['that is nothing usual', ['vault'], undefined, 'unknown'],
  ] as const)
    it(`takes a refusal of a token with an audience ${name} for ${outcome}`, () =>
      withSetup(CONTRACT, async ({ admin: secret, world }) => {
        const sub = 'system:serviceaccount:outside-access:keyturn';
        const token = tokenWith({ iss: ISSUER, sub, ...(admin && { aud: admin }) }).reveal();
        const session = kubernetes.open(
          new Secret(JSON.stringify({ ...secret, token })),
          SECRET,
          world.tools,
        );
        world.intercept(() => Response.json(UNAUTHORIZED, { status: 401 }));
        const value = tokenWith({ iss: ISSUER, ...(aud && { aud }) });
        assert.equal((await session.probe(value)).outcome, outcome);
      }));

  for (const [field, other] of [
    ['reason', 'Expired'],
    ['message', 'token lookup failed'],
    ['kind', 'Error'],
    ['code', 403],
  ] as const)
    it(`takes a refusal with another ${field} for no verdict on a token`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json({ ...UNAUTHORIZED, [field]: other }, { status: 401 }));
        assert.equal((await session.probe(value)).outcome, 'unknown');
      }));

  it('tells the end of its own token, and takes no visitor for an admin', () =>
    withSetup(CONTRACT, async ({ admin, world, clock }) => {
      const exp = clock.now() / SECOND + 600;
      // Without a grant that can be read there is one question.
      const text = new Secret(
        JSON.stringify({ ...admin, token: tokenWith({ exp }).reveal(), grants: [{ secret: 'none' }] }),
      );
      world.intercept(() => review('system:serviceaccount:outside-access:keyturn'));
      assert.deepEqual(await kubernetes.examine(text, world.tools), {
        outcome: 'active',
        expiresAt: exp * SECOND,
      });
      world.intercept(() => review('system:anonymous'));
      assert.equal((await kubernetes.examine(text, world.tools)).outcome, 'unknown');
    }));

  it('takes no admin token for a good one that may not list the Secrets of a grant', () =>
    withSetup(CONTRACT, async ({ session, admin, world }) => {
      const { value } = await issue(session, marked(1));
      const text = new Secret(JSON.stringify({ ...admin, token: value.reveal() }));
      assert.equal((await kubernetes.examine(text, world.tools)).outcome, 'unknown');
    }));
});
