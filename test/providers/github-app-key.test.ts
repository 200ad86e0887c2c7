import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { MINUTE, SECOND } from '../../functions/core/basics/time.ts';
import { wrappingOf } from '../../functions/core/secret-text/value-shape.ts';
import { githubAppKey } from '../../functions/providers/github-app-key/index.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { githubAppKeySimulator } from '../../lib/sandbox/issuers/github-app-key.ts';
import { defineSubmittedContract } from '../contracts/provider-submitted.ts';
import { everythingIn, recordingWorld } from '../contracts/world.ts';

defineSubmittedContract({
  provider: githubAppKey,
  simulator: githubAppKeySimulator,
  tellsExpiry: false,
  // GitHub is told the App with each question, and looks among its keys alone.
  othersAre: 'inactive',
  former: { grant: { appId: 7 }, account: 'apps/7' },
  wrong: { appId: { appId: 'Iv23liABCDEF' } },
});

const MINE = 'ci/github-app';
const START = Date.UTC(2026, 2, 2, 10);

function setup() {
  const clock = new VirtualClock(START);
  const issuer = githubAppKeySimulator({ clock });
  const world = recordingWorld(clock, (request) => issuer.fetch(request));
  const session = githubAppKey.open(new Secret(issuer.adminSecret([MINE])), MINE, world.tools);
  assert.ok(session.kind === 'submitted');
  return { clock, issuer, world, session };
}

const bearerIn = (text: string): string => /^authorization: Bearer (.*)$/im.exec(text)?.[1]?.trim() ?? '';
const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());

describe('github-app-key: the question', () => {
  it('is a JWT of the App that the key signs, for minutes, and never the key', async () => {
    const { issuer, world, session } = setup();
    const value = issuer.create(MINE);
    await session.ask(new Secret(value));
    const text = world.sent[0]?.text ?? '';
    const [head = '', claims = '', signature = ''] = bearerIn(text).split('.');
    assert.deepEqual(read(head), { alg: 'RS256', typ: 'JWT' });
    const seconds = START / SECOND;
    assert.deepEqual(read(claims), {
      iat: seconds - 60,
      exp: seconds + 300,
      iss: Number(session.reach.account.slice('apps/'.length)),
    });
    const key = createPublicKey(Buffer.from(value, 'base64').toString());
    const signed = Buffer.from(`${head}.${claims}`);
    assert.ok(verify('sha256', signed, key, Buffer.from(signature, 'base64url')));
    assert.ok(!text.includes(value) && !text.includes('BEGIN'));
  });

  it('is not asked before the App is known', async () => {
    const { issuer, world } = setup();
    const value = new Secret(issuer.create(MINE));
    for (const account of [undefined, 'users/7']) {
      const shown = await githubAppKey.ask(value, world.tools, account);
      assert.ok(shown.outcome === 'unknown');
      assert.match(shown.reason, /which GitHub App/);
    }
    assert.equal(world.sent.length, 0);
  });

  it('is answered with the App of the key, by its number and its name', async () => {
    const { issuer, session } = setup();
    const account = session.reach.account;
    assert.deepEqual(await session.ask(new Secret(issuer.create(MINE))), {
      outcome: 'active',
      account,
      called: `robot-${account.slice('apps/'.length)}`,
    });
  });

  it('takes a key in PKCS#8 for the same one, as some libraries want it', async () => {
    const { issuer, session } = setup();
    const pem = Buffer.from(issuer.create(MINE), 'base64').toString();
    const other = createPrivateKey(pem).export({ type: 'pkcs8', format: 'pem' });
    assert.equal((await session.probe(new Secret(Buffer.from(other).toString('base64')))).outcome, 'active');
  });

  it('keeps on working where its clock is a little ahead, and is unknown where it is wrong', async () => {
    for (const [ahead, outcome] of [
      [MINUTE, 'active'],
      [-4 * MINUTE, 'active'],
      [30 * MINUTE, 'unknown'],
      [-30 * MINUTE, 'unknown'],
    ] as const) {
      const { issuer, world } = setup();
      const tools = { ...world.tools, now: () => START + ahead };
      const value = new Secret(issuer.create(MINE));
      const shown = await githubAppKey.ask(value, tools, 'apps/1383741');
      assert.equal(shown.outcome, outcome, String(ahead));
    }
  });
});

describe('github-app-key: a value', () => {
  const { pattern } = githubAppKey.descriptor;
  const { issuer } = setup();
  const value = issuer.create(MINE);
  const pem = Buffer.from(value, 'base64').toString();

  it('is the file in base64, in either of its forms, and is told from the file itself', () => {
    const pkcs8 = createPrivateKey(pem).export({ type: 'pkcs8', format: 'pem' });
    for (const text of [value, Buffer.from(pkcs8).toString('base64')]) {
      assert.equal(pattern?.exec(text)?.[0], text);
      for (const isField of [true, false]) assert.equal(wrappingOf(text, { pattern, isField }), undefined);
    }
    assert.deepEqual(wrappingOf(pem, { pattern, isField: true }), {
      looksLike: 'a PEM block',
      holdsToken: false,
    });
    const twice = Buffer.from(value).toString('base64');
    assert.equal(wrappingOf(twice, { pattern, isField: true })?.looksLike, 'base64');
  });
});

describe('github-app-key: the answer', () => {
  it('is a refusal in the words for a key that the App does not have, and in no others', async () => {
    const app = { id: 1383741, name: 'robot', events: [] };
    for (const [status, body, outcome] of [
      [401, { message: 'A JSON web token could not be decoded' }, 'inactive'],
      [401, { message: "'Expiration time' claim ('exp') is too far in the future" }, 'unknown'],
      [401, { message: "'Issuer' claim ('iss') must be an Integer" }, 'unknown'],
      [401, { message: 'Bad credentials' }, 'unknown'],
      [404, { message: 'Integration not found' }, 'unknown'],
      [404, { message: 'A JSON web token could not be decoded' }, 'unknown'],
      [403, { message: 'API rate limit exceeded' }, 'unknown'],
      // The form of the specification allows it.
      [200, null, 'unknown'],
      [200, app, 'active'],
      [200, { ...app, id: 7 }, 'unknown'],
      [200, { login: 'robot', id: 1383741, name: 'robot' }, 'unknown'],
    ] as const) {
      const { issuer, world, session } = setup();
      const value = new Secret(issuer.create(MINE));
      world.intercept(() => Response.json(body, { status }));
      const probe = await session.probe(value);
      assert.equal(probe.outcome, outcome, JSON.stringify(body));
      assert.ok(!everythingIn(probe).includes(value.reveal()));
    }
  });

  it('is waited for where GitHub asks for that with a 403', async () => {
    const { issuer, world, session } = setup();
    const headers = { 'x-ratelimit-remaining': '0', 'retry-after': '7' };
    world.intercept(() => Response.json({ message: 'API rate limit exceeded' }, { status: 403, headers }));
    const probe = await session.probe(new Secret(issuer.create(MINE)));
    assert.ok(probe.outcome === 'unknown');
    assert.match(probe.reason, /asks for fewer requests/);
    assert.ok(world.sent.length > 1);
  });

  it('is a refusal for a text that is no RSA key, which signs nothing', async () => {
    const { session, world } = setup();
    const { privateKey } = generateKeyPairSync('ed25519');
    const other = privateKey.export({ type: 'pkcs8', format: 'pem' });
    for (const text of ['nonsense', Buffer.from(other).toString('base64')])
      assert.deepEqual(await session.probe(new Secret(text)), { outcome: 'inactive' });
    for (const { text } of world.sent) assert.match(bearerIn(text), /\.A{342}$/);
  });
});
