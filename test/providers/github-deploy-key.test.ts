import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import type { ChoosingSession } from '../../functions/core/issuer/provider.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { MINUTE, SECOND } from '../../functions/core/basics/time.ts';
import { githubDeployKey } from '../../functions/providers/github-deploy-key/index.ts';
import { publicKeyOf, sshRsa } from '../../functions/providers/github-deploy-key/public-key.ts';
import { scopeOf as scope } from '../../functions/providers/github-deploy-key/schema.ts';
import { GithubDeployKeySimulator } from '../../lib/sandbox/issuers/github-deploy-key.ts';
import { lineOf } from '../../lib/sandbox/issuers/client-assertions.ts';
import { sshOf } from '../../lib/sandbox/issuers/ssh-keys.ts';
import { testRandomness } from '../contracts/randomness.ts';
import { defineProviderContract } from '../contracts/provider.ts';
import {
  SECRET,
  issue,
  listing,
  marked,
  withSetup,
  type AdminJson,
  type ProviderContract,
  type Setup,
} from '../contracts/setup.ts';
import { assertCode, losingAnswers, rejection } from '../contracts/world.ts';
import { contractOf } from './contract-of.ts';

const TOKENS = /^\/app\/installations\/\d+\/access_tokens$/;

const CONTRACT: ProviderContract = {
  ...contractOf(githubDeployKey, {
    accountFields: ['repository'],
    logsIn: true,
    adminCredentials: (admin: AdminJson) => [admin['private_key_base64']],
    malformed: [
      {
        field: 'private_key_base64',
        breakIt: (admin, canary) => {
          admin['private_key_base64'] = { canary };
        },
      },
      ...['appId', 'installationId'].map((field) => ({
        field,
        breakIt: (admin: AdminJson, canary: string) => {
          admin[field] = canary;
        },
      })),
      {
        field: 'grants[0].repository',
        breakIt: (admin, canary) => {
          admin['grants'][0].repository = `${canary}/..`;
        },
      },
      {
        field: 'grants[0].readOnly',
        breakIt: (admin) => {
          delete admin['grants'][0].readOnly;
        },
      },
    ],
    mayCall: ({ method, path }, account) =>
      TOKENS.test(path)
        ? method === 'POST'
        : path.toLowerCase().startsWith(`/${account.slice(account.indexOf('repos/'))}/keys`),
  }),
  name: 'github-deploy-key against its simulator',
  createIssuer: (clock) => new GithubDeployKeySimulator({ clock }),
};

defineProviderContract(CONTRACT);

/** A key that a person made, of another kind. */
const OTHER_KIND = {
  id: 7,
  key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEI4ditK+lym35p7fJwWOBBilm/SJVj06QTJIq8Dz+hA',
  url: 'https://api.github.com/repos/acme/shop/keys/7',
  title: 'of a person',
  verified: true,
  created_at: '2026-01-01T00:00:00Z',
  read_only: false,
};

const choosing = ({ session }: Setup): ChoosingSession => {
  assert.ok(session.kind === 'choosing');
  return session;
};
const chosen = (setup: Setup): Secret => choosing(setup).choose(setup.random).value;
const bodyIn = (text: string): unknown =>
  JSON.parse(text.split('\n').find((line) => line.startsWith('{')) ?? 'null');
const opened = ({ world }: Setup, admin: AdminJson) =>
  listing(githubDeployKey.open(new Secret(JSON.stringify(admin)), SECRET, world.tools));

/** What GitHub answers, changed. */
const answering = ({ world, issuer }: Setup, change: (text: string) => string, which = /\/keys$/): void =>
  world.intercept(async (request) => {
    if (!which.test(new URL(request.url).pathname)) return undefined;
    const answer = await issuer.fetch(request.clone());
    return new Response(change(await answer.text()), answer);
  });

describe('the public key of a deploy key', () => {
  it('is written as ssh-keygen writes it', () => {
    // Both recorded from `ssh-keygen -y` of OpenSSH 9.2p1: the first bit of the second modulus is not set.
    assert.equal(
      sshRsa({
        e: 'AQAB',
        n:
          's2PgNnWm4-j4hSJRCYzgyf5KHg0JkkdVRzKtTTy61ems6VmiuNnA4igK6njhIwTP2FOudEaX_OSzFf_BEXEPCR7Ohq' +
          'klacRH_Nb2' +
          '4M5x9EUmgUTvVAuCQV49iIWmZoM89BPUX4t19SEPxSvIkuB7BMq1XpHBn4Uytiii65Ln1Qk',
      }),
      'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQCzY+A2dabj6PiFIlEJjODJ/koeDQmSR1VHMq1NPLrV6azpWaK42c' +
        'DiKArqeOEjBM/Y' +
        'U650Rpf85LMV/8ERcQ8JHs6GqSVpxEf81vbgznH0RSaBRO9UC4JBXj2IhaZmgzz0E9Rfi3X1IQ/FK8iS4HsEyrVekc' +
        'GfhTK2KKLrku' +
        'fVCQ==',
    );
    assert.equal(
      sshRsa({
        e: 'AQAB',
        n:
          'L8IVEIDsTcGZtCN3S8Hh1HCn6_9rsG1DbPitaLxBnvhNqpiaDIzzmuisYu3tNkJGLhSxFHb2NRWWY7O5CXO74dzI7A' +
          'SmyU9JV2Ra' +
          'FMjlOMQVMiDEdKtE11K9C4Xqc6GH0CrqYqOxk4_XfcFsVJfkLFo4_-kACgQLNQ-JWiU4f379',
      }),
      'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgS/CFRCA7E3BmbQjd0vB4dRwp+v/a7BtQ2z4rWi8QZ74TaqYmgyM85' +
        'rorGLt7TZCRi4U' +
        'sRR29jUVlmOzuQlzu+HcyOwEpslPSVdkWhTI5TjEFTIgxHSrRNdSvQuF6nOhh9Aq6mKjsZOP133BbFSX5CxaOP/pAA' +
        'oECzUPiVolOH' +
        '9+/Q==',
    );
  });

  it('is that of an RSA key, and of nothing else', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const curve = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    assert.equal(publicKeyOf(new Secret(curve)), undefined);
    assert.equal(publicKeyOf(new Secret('canary-0001')), undefined);
    assert.match(publicKeyOf(new Secret(testRandomness().rsaKey())) ?? '', /^ssh-rsa AAAAB3[\w+/]+=*$/);
  });
});

describe('github-deploy-key: the pair', () => {
  it('goes to GitHub with its public half alone, and with what the grant says that it may do', () =>
    withSetup(CONTRACT, async (setup) => {
      const { world, admin } = setup;
      for (const readOnly of [true, false]) {
        admin['grants'][0].readOnly = readOnly;
        const session = opened(setup, admin);
        const { value } = await issue(session, marked(1));
        const sent = world.sent.findLast(({ method, path }) => method === 'POST' && path.endsWith('/keys'));
        const key = publicKeyOf(value);
        assert.ok(key);
        assert.deepEqual(bodyIn(sent?.text ?? ''), { title: 'Keyturn', key, read_only: readOnly });
        const listedNow = await session.identify(value);
        assert.deepEqual([listedNow?.scopes, session.scopes], [[scope(readOnly)], [scope(readOnly)]]);
        assert.ok(!world.sent.some(({ text }) => text.includes(lineOf(value.reveal()))));
      }
    }));

  it('is found again by the value when its creation was not answered, and is there once', () =>
    withSetup(CONTRACT, async (setup) => {
      const { world, issuer, session } = setup;
      const value = chosen(setup);
      world.intercept(
        losingAnswers(
          (request) => issuer.fetch(request),
          (request) => request.method === 'POST',
        ),
      );
      assertCode(await rejection(choosing(setup).install(value, {})), 'issuer-unreachable');
      world.intercept(undefined);
      const lost = await session.identify(value);
      assert.ok(lost);
      assert.equal((await choosing(setup).install(value, {})).handle, lost.handle);
      assert.equal((await session.list()).length, 1);
    }));

  it('is there where GitHub says that the key is in use and lists it, and is refused where it does not', () =>
    withSetup(CONTRACT, async (setup) => {
      const { world, issuer } = setup;
      const refused = (): Response =>
        Response.json(
          { message: 'Validation Failed', errors: [{ message: 'key is already in use' }] },
          { status: 422 },
        );
      world.intercept(async (request) => {
        if (request.method !== 'POST') return undefined;
        await issuer.fetch(request.clone());
        return refused();
      });
      const value = chosen(setup);
      assert.equal((await choosing(setup).install(value, {})).state, 'active');
      world.intercept((request) => (request.method === 'POST' ? refused() : undefined));
      assertCode(
        await rejection(choosing(setup).install(chosen(setup), {})),
        'issuer-refused',
        'allow deploy keys',
      );
    }));

  it('is none that a repository has already, of which GitHub says that it is in use', () =>
    withSetup(CONTRACT, async (setup) => {
      const { other } = setup;
      assert.ok(other.kind === 'choosing');
      const value = chosen(setup);
      await other.install(value, {});
      assertCode(await rejection(choosing(setup).install(value, {})), 'issuer-refused');
    }));
});

describe('github-deploy-key: the list', () => {
  it('calls no key active that is not enabled or not verified, and misses no `enabled`', () =>
    withSetup(CONTRACT, async (setup) => {
      const { session } = setup;
      const { value } = await issue(session, marked(1));
      for (const [from, to, state] of [
        ['"enabled":true', '"enabled":false', 'disabled'],
        ['"verified":true', '"verified":false', 'disabled'],
        [',"enabled":true', '', 'active'],
      ] as const) {
        answering(setup, (text) => text.replace(from, to));
        assert.equal((await session.identify(value))?.state, state);
        assert.equal((await session.probe(value)).outcome, state === 'active' ? 'active' : 'unknown');
      }
    }));

  it('takes no new key for active that an organization disabled', () =>
    withSetup(CONTRACT, async (setup) => {
      answering(setup, (text) => text.replace('"enabled":true', '"enabled":false'));
      assertCode(await rejection(choosing(setup).install(chosen(setup), {})), 'issuer-refused');
    }));

  it('knows a key by its text without a comment, beside keys of other kinds', () =>
    withSetup(CONTRACT, async (setup) => {
      const { session, issuer } = setup;
      const { value, handle } = await issue(session, marked(1));
      const strange = JSON.stringify(OTHER_KIND);
      answering(setup, (text) =>
        text.replace(/"key":"(ssh-rsa [^"]+)"/, '"key":"$1 deploy@shop"').replace('[', `[${strange},`),
      );
      assert.equal((await session.identify(value))?.handle, handle);
      assert.equal((await session.list()).length, 2);
      assert.equal(await session.identify(new Secret('canary-0001')), undefined);
      assert.equal((await issuer.credentials(SECRET)).length, 1);
    }));

  it('is read to its last page', () =>
    withSetup(CONTRACT, async (setup) => {
      const { issuer, session, world, clock } = setup;
      assert.ok(issuer instanceof GithubDeployKeySimulator);
      const repository = issuer.keys.repositoryOf(SECRET);
      for (let made = 0; made < 130; made++) {
        const n = Buffer.concat([Buffer.from([0xc0]), randomBytes(127)]).toString('base64url');
        const wanted = { repository, title: 'one more', readOnly: true, key: sshOf({ e: 'AQAB', n }) };
        assert.ok(issuer.keys.add(wanted, clock.now()));
      }
      const { value } = await issue(session, marked(1));
      world.sent.length = 0;
      assert.equal((await session.probe(value)).outcome, 'active');
      assert.equal((await session.list()).length, 131);
      const asked = world.sent.map(({ path }) => path.split('?')[1]);
      assert.deepEqual(asked.slice(0, 2), ['per_page=100', 'per_page=100&page=2']);
    }));
});

describe('github-deploy-key: the admin', () => {
  it('asks for a token that may administer this repository alone, and signs for it', () =>
    withSetup(CONTRACT, async (setup) => {
      const { admin, world, clock } = setup;
      await opened(setup, admin).list();
      const [login, list] = world.sent;
      assert.match(login?.path ?? '', TOKENS);
      assert.deepEqual(bodyIn(login?.text ?? ''), {
        repositories: [admin['grants'][0].repository.split('/')[1]],
        permissions: { administration: 'write' },
      });
      const [, claims = ''] =
        /^authorization: Bearer [\w-]+\.([\w-]+)\.[\w-]+$/m.exec(login?.text ?? '') ?? [];
      const { iss, iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString());
      assert.deepEqual(
        [iss, iat, exp],
        [admin['appId'], (clock.now() - MINUTE) / SECOND, (clock.now() + 5 * MINUTE) / SECOND],
      );
      assert.match(list?.text ?? '', /^authorization: Bearer ghs_/m);
      for (const { text } of world.sent) assert.match(text, /^x-github-api-version: 2022-11-28$/m);
    }));

  it('takes no token that may not administer, and says which permission is missing', () =>
    withSetup(CONTRACT, async (setup) => {
      const { admin, world } = setup;
      const text = new Secret(JSON.stringify(admin));
      answering(setup, (answer) => answer.replace('"write"', '"read"'), TOKENS);
      assertCode(await rejection(opened(setup, admin).list()), 'issuer-response-invalid');
      assert.equal((await githubDeployKey.examine(text, world.tools)).outcome, 'unknown');
      const message = 'The permissions requested are not granted to this installation.';
      world.intercept(() => Response.json({ message }, { status: 422 }));
      assertCode(await rejection(opened(setup, admin).list()), 'issuer-refused', 'Administration');
      assert.equal((await githubDeployKey.examine(text, world.tools)).outcome, 'unknown');
    }));

  it('is refused in the words for a key that is none of the App, and in no others', () =>
    withSetup(CONTRACT, async (setup) => {
      const { admin, world } = setup;
      for (const [message, outcome, words] of [
        ['A JSON web token could not be decoded', 'inactive', 'appId'],
        ['Bad credentials', 'unknown', '401'],
        ["'Expiration time' claim ('exp') is too far in the future", 'unknown', '401'],
      ] as const) {
        world.intercept(() => Response.json({ message }, { status: 401 }));
        const text = new Secret(JSON.stringify(admin));
        assert.equal((await githubDeployKey.examine(text, world.tools)).outcome, outcome);
        assertCode(await rejection(opened(setup, admin).list()), 'admin-credential-rejected', words);
      }
    }));

  it('names one repository by one account, however it is written', () =>
    withSetup(CONTRACT, async (setup) => {
      const { session, admin } = setup;
      const { handle, value } = await issue(session, marked(1));
      admin['grants'][0].repository = admin['grants'][0].repository.toUpperCase();
      const again = opened(setup, admin);
      assert.equal((await again.identify(value))?.handle, handle);
      await again.revoke(handle);
      assert.deepEqual(await session.list(), []);
    }));

  it('says which repository GitHub does not show to the App', () =>
    withSetup(CONTRACT, async (setup) => {
      setup.world.intercept((request) =>
        request.method === 'GET' ? Response.json({ message: 'Not Found' }, { status: 404 }) : undefined,
      );
      const { repository } = setup.admin['grants'][0];
      assertCode(await rejection(setup.session.list()), 'issuer-refused', repository);
    }));

  it('reaches GitHub Enterprise Server below the path of its API', () =>
    withSetup(CONTRACT, async (setup) => {
      const { admin, world, issuer } = setup;
      world.intercept((request) =>
        issuer.fetch(new Request(request.url.replace('/api/v3/', '/'), request.clone())),
      );
      const session = opened(setup, { ...admin, url: `https://${issuer.host}/api/v3` });
      const { handle } = await issue(session, marked(1));
      assert.ok(handle.startsWith(`${issuer.host}/api/v3/repos/`));
      assert.ok(world.sent.every(({ path }) => path.startsWith('/api/v3/')));
      await session.revoke(handle);
    }));

  it('takes names of repositories alone', () =>
    withSetup(CONTRACT, async (setup) => {
      for (const name of [
        'acme',
        'acme/shop/x',
        'acme/..',
        'acme/.',
        '-x/shop',
        'acme/',
        'acme/sh op',
        '../x',
      ])
        assertCode(
          await rejection(
            Promise.resolve().then(() => {
              setup.admin['grants'][0].repository = name;
              return opened(setup, setup.admin);
            }),
          ),
          'admin-invalid',
          'grants[0].repository',
        );
      for (const name of ['acme/.github', 'ann_corp/a.b-c_d']) {
        setup.admin['grants'][0].repository = name;
        assert.ok(opened(setup, setup.admin).account.endsWith(`repos/${name}`));
      }
    }));
});

it('is a login for its consumer as long as the key is there', () =>
  withSetup(CONTRACT, async ({ session, issuer }) => {
    const { value, handle } = await issue(session, marked(1));
    const used = async (text: string) => (await issuer.fetch(issuer.consume(text, 'shop/1'))).status;
    assert.equal(await used(JSON.stringify({ private_key: value.reveal() })), 200);
    assert.equal(await used(await issuer.createByHand(SECRET)), 200);
    await session.revoke(handle);
    assert.equal(await used(value.reveal()), 401);
    assert.equal(await used('canary-0001'), 401);
  }));
