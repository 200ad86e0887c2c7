import assert from 'node:assert/strict';
import { createHash, createPublicKey, generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import { it } from 'node:test';
import * as z from 'zod';
import type { ChoosingSession, ListedCredential } from '../../functions/core/issuer/provider.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { HOUR } from '../../functions/core/basics/time.ts';
import { snowflakeKey } from '../../functions/providers/snowflake-key/index.ts';
import { fingerprintOf, publicTextOf } from '../../functions/providers/snowflake-signing.ts';
import { SnowflakeKeySimulator } from '../../lib/sandbox/issuers/snowflake-key.ts';
import { pemOf, rsaKeysFor } from '../../lib/sandbox/issuers/rsa-keys.ts';
import { carriedOut, failed, resultOf } from '../../lib/sandbox/issuers/snowflake-answers.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { OTHER_SECRET, SECRET, issue, listing, marked, withSetup, type Setup } from '../contracts/setup.ts';
import { assertCode, everythingIn, losingAnswers, rejection } from '../contracts/world.ts';
import { contractOf } from './contract-of.ts';

const STATEMENTS = '/api/v2/statements';
const Body = z.object({ statement: z.string(), timeout: z.int(), role: z.string().optional() });
const bodyIn = (text: string) => Body.parse(JSON.parse(/^\{.*$/m.exec(text)?.[0] ?? ''));

function does(text: string): 'reads' | 'creates' | 'ends' {
  if (text.includes(' ADD KEY PAIR ')) return 'creates';
  return / (REMOVE|MODIFY|UNSET|SET) /.test(text) ? 'ends' : 'reads';
}

let simulator: SnowflakeKeySimulator | undefined;
/** The issuer of the setup at work. */
const issuerNow = (): SnowflakeKeySimulator => {
  assert.ok(simulator);
  return simulator;
};

const CONTRACT: ProviderContract = {
  ...contractOf(snowflakeKey, {
    accountFields: ['user'],
    adminCredentials: (admin: AdminJson) => [admin['private_key_base64']],
    // "JWT token is invalid" has several reasons.
    refusalIsUnknown: true,
    does,
    malformed: [
      {
        field: 'private_key_base64',
        breakIt: (admin, canary) => {
          admin['private_key_base64'] = { canary };
        },
      },
      {
        field: 'account',
        breakIt: (admin, canary) => {
          admin['account'] = `${canary}.eu-west-1`;
        },
      },
      {
        field: 'grants[0].user',
        breakIt: (admin, canary) => {
          admin['grants'][0].user = `X" ${canary}`;
        },
      },
      {
        field: 'grants[0].secret',
        breakIt: (admin) => {
          admin['grants'][0].secret += '*';
        },
      },
      {
        field: 'grants[1].user',
        of: OTHER_SECRET,
        breakIt: (admin) => {
          admin['grants'][1].user = admin['grants'][0].user;
        },
      },
    ],
    mayCall: ({ method, path, text }, account) => {
      if (method !== 'POST' || path !== STATEMENTS) return false;
      const { statement } = bodyIn(text);
      return (
        statement === 'SELECT CURRENT_USER()' || statement.includes(`USER "${account.split('/').at(-1)}"`)
      );
    },
  }),
  name: 'snowflake-key against its simulator',
  createIssuer: (clock) => {
    simulator = new SnowflakeKeySimulator({ clock });
    return simulator;
  },
};

defineProviderContract(CONTRACT);

const USER = 'SVC_ROBOT_1';
const ACCOUNT = `users/${USER}`;
const NONE = /^$/;

/** The statements that were sent, in order. */
const sentTo = ({ world }: Pick<Setup, 'world'>) => world.sent.map(({ text }) => bodyIn(text));
const statementsTo = (setup: Pick<Setup, 'world'>) => sentTo(setup).map(({ statement }) => statement);
/** Those of them that change something. */
const changesTo = (setup: Pick<Setup, 'world'>) =>
  statementsTo(setup).filter((text) => does(text) !== 'reads');

/** Keys that somebody else made. */
const nextKey = rsaKeysFor('somebody else at snowflake-key');
const publicOf = (key: KeyObject): KeyObject => createPublicKey(key);
const valueOf = (key: KeyObject): Secret => new Secret(pemOf(key));
const storedIn = (text: string): Secret => new Secret(JSON.parse(text).private_key);

const choosing = ({ session }: Pick<Setup, 'session'>): ChoosingSession => {
  assert.ok(session.kind === 'choosing');
  return session;
};

/** The names of what the user has now, and the keys that stand there. */
const heldNow = () =>
  issuerNow()
    .pairs.kept(ACCOUNT)
    .map(({ name, fingerprint }) => [name, fingerprint]);

const namesIn = async ({ session }: Pick<Setup, 'session'>) => (await session.list()).map(({ name }) => name);

async function identified({ session }: Pick<Setup, 'session'>, value: Secret): Promise<ListedCredential> {
  const found = await session.identify(value);
  assert.ok(found);
  return found;
}

it('gives Snowflake the public half alone, under a name that no other key has', () =>
  withSetup(CONTRACT, async (setup) => {
    const { value, handle } = await issue(setup.session, marked(0));
    const [added] = changesTo(setup);
    const [, user, name, text = ''] =
      /^ALTER USER "(\w+)" ADD KEY PAIR "(KEYTURN_[0-9A-F]{32})" PUBLIC_KEY = '([\w+/=]+)'$/.exec(
        added ?? '',
      ) ?? [];
    assert.equal(user, USER);
    const encoded = createPublicKey(value.reveal()).export({ type: 'spki', format: 'der' });
    assert.equal(text, encoded.toString('base64'));
    const hash = createHash('sha256').update(encoded).digest();
    assert.equal(name, `KEYTURN_${hash.toString('hex').slice(0, 32).toUpperCase()}`);
    assert.equal(handle, `${setup.session.account}/keys/${hash.toString('base64url')}`);
    for (const sent of setup.world.sent) assert.ok(!/PRIVATE KEY/.test(sent.text));
    await issue(setup.session, marked(1));
    assert.equal(new Set(await namesIn(setup)).size, 2);
  }));

it('never sets one of the two properties, whether a key stands there or not', () =>
  withSetup(CONTRACT, async (setup) => {
    const first = storedIn(issuerNow().setByHand(SECRET, 'PUBLIC_KEY_1'));
    await issue(setup.session, marked(0));
    const second = storedIn(issuerNow().setByHand(SECRET, 'PUBLIC_KEY_2'));
    await issue(setup.session, marked(1));
    assert.ok(!statementsTo(setup).some((text) => text.includes('RSA_PUBLIC_KEY')));
    for (const value of [first, second]) assert.equal((await setup.session.probe(value)).outcome, 'active');
  }));

it('leaves the key of somebody else under the very name, and says so', () =>
  withSetup(CONTRACT, async (setup) => {
    const session = choosing(setup);
    const { value, fields = {} } = session.choose(setup.random);
    const name = await nameFor(setup, value);
    const theirs = nextKey();
    issuerNow().pairs.add(ACCOUNT, name, publicOf(theirs));
    const before = heldNow();
    assertCode(
      await rejection(session.install(value, fields)),
      'issuer-refused',
      'does not accept a new value',
    );
    assert.deepEqual(heldNow(), before);
    assert.equal((await session.probe(valueOf(theirs))).outcome, 'active');
  }));

/** The name that a value would have, from a statement that is not carried out. */
async function nameFor(setup: Setup, value: Secret): Promise<string> {
  let name = '';
  setup.world.intercept(async (request) => {
    const { statement } = Body.parse(await request.clone().json());
    name = / ADD KEY PAIR "(\w+)"/.exec(statement)?.[1] ?? name;
    return does(statement) === 'creates' ? failed('not now') : undefined;
  });
  await rejection(choosing(setup).install(value, {}));
  setup.world.intercept(undefined);
  setup.world.sent.length = 0;
  return name;
}

it('makes no eleventh pair and ends none for it, disabled ones counted', () =>
  withSetup(CONTRACT, async (setup) => {
    const session = choosing(setup);
    for (let index = 0; index < 9; index++) await issuerNow().createByHand(SECRET);
    const { handle } = await issue(session, marked(0));
    await session.toggle?.disable(handle);
    const before = heldNow();
    assert.equal(before.length, 10);
    setup.world.sent.length = 0;
    assertCode(await rejection(issue(session, marked(1))), 'credential-limit-reached', 'All 10 slots');
    assert.deepEqual(changesTo(setup), []);
    assert.deepEqual(heldNow(), before);
  }));

it('says that Snowflake refuses one more where its list shows fewer than ten', () =>
  withSetup(CONTRACT, async ({ session, world }) => {
    world.intercept(async (request) =>
      does(await request.clone().text()) === 'creates' ? failed('in words that are not known') : undefined,
    );
    assertCode(await rejection(issue(session, marked(0))), 'issuer-refused', 'fewer than 10 key pairs');
  }));

it('makes one pair of a value, however often it is installed, and whatever answer was lost', () =>
  withSetup(CONTRACT, async (setup) => {
    const session = choosing(setup);
    const { value, fields = {} } = session.choose(setup.random);
    setup.world.intercept(
      losingAnswers(
        (request) => issuerNow().fetch(request),
        async (request) => does(await request.clone().text()) === 'creates',
      ),
    );
    assertCode(await rejection(session.install(value, fields)), 'issuer-unreachable');
    setup.world.intercept(undefined);
    const { handle } = await session.install(value, fields);
    assert.equal((await session.install(value, fields)).handle, handle);
    assert.deepEqual(
      (await session.list()).map((one) => one.handle),
      [handle],
    );
    assert.equal(changesTo(setup).length, 1);
  }));

it('takes a pair for made by the word of Snowflake, before its list shows it', () =>
  withSetup(CONTRACT, async ({ session, world }) => {
    world.intercept(async (request) =>
      (await request.clone().text()).includes('SHOW ') ? resultOf([...COLUMNS], [], 0) : undefined,
    );
    const { handle } = await issue(session, marked(0));
    world.intercept(undefined);
    assert.deepEqual(
      (await session.list()).map((one) => one.handle),
      [handle],
    );
  }));

/** The one pair of the user. */
function onlyPair() {
  const [own, ...more] = issuerNow().pairs.kept(ACCOUNT);
  assert.ok(own && more.length === 0);
  return own;
}

it('does not remove a name that somebody gave to another key', () =>
  withSetup(CONTRACT, async (setup) => {
    const { session } = setup;
    const { handle } = await issue(session, marked(0));
    const own = onlyPair();
    issuerNow().pairs.remove(own);
    const theirs = nextKey();
    issuerNow().pairs.add(ACCOUNT, own.name, publicOf(theirs));
    const before = heldNow();
    setup.world.sent.length = 0;
    await session.revoke(handle);
    assertCode(await rejection(session.toggle?.disable(handle) ?? Promise.resolve()), 'issuer-refused');
    assert.deepEqual(changesTo(setup), []);
    assert.deepEqual(heldNow(), before);
    assert.equal((await session.probe(valueOf(theirs))).outcome, 'active');
  }));

it('disables, enables and ends a key under the name that somebody has given it since', () =>
  withSetup(CONTRACT, async (setup) => {
    const { session } = setup;
    const { handle, value } = await issue(session, marked(0));
    const own = onlyPair();
    // As ROTATE KEY PAIR does.
    issuerNow().pairs.remove(own);
    issuerNow().pairs.add(ACCOUNT, `${own.name}_ROTATED_1744207127369`, own.publicKey);
    const theirs = nextKey();
    issuerNow().pairs.add(ACCOUNT, own.name, publicOf(theirs));
    await session.toggle?.disable(handle);
    assert.equal((await session.probe(value)).outcome, 'unknown');
    await session.toggle?.enable(handle);
    assert.equal((await session.probe(value)).outcome, 'active');
    await session.revoke(handle);
    assert.equal((await session.probe(value)).outcome, 'unknown');
    assert.equal((await session.probe(valueOf(theirs))).outcome, 'active');
    assert.deepEqual(await namesIn(setup), [own.name]);
  }));

it('says that a key is there still where a disabled pair has it too, and ends that one next', () =>
  withSetup(CONTRACT, async (setup) => {
    const { session, issuer } = setup;
    const { handle, value } = await issue(session, marked(0));
    await session.toggle?.disable(handle);
    issuerNow().pairs.add(ACCOUNT, 'ALSO', onlyPair().publicKey);
    assert.deepEqual(await namesIn(setup), ['ALSO']);
    assertCode(await rejection(session.revoke(handle)), 'issuer-refused', 'lists it as disabled');
    await session.revoke(handle);
    assert.deepEqual(heldNow(), []);
    assert.equal((await session.probe(value)).outcome, 'unknown');
    assert.ok((await issuer.credentials(SECRET)).every(({ live }) => !live));
  }));

for (const [name, property] of [
  ['PUBLIC_KEY_1', 'RSA_PUBLIC_KEY'],
  ['PUBLIC_KEY_2', 'RSA_PUBLIC_KEY_2'],
] as const) {
  it(`identifies a key in ${property}, and ends it by UNSET`, () =>
    withSetup(CONTRACT, async (setup) => {
      const { session } = setup;
      const other = name === 'PUBLIC_KEY_1' ? 'PUBLIC_KEY_2' : 'PUBLIC_KEY_1';
      const kept = storedIn(issuerNow().setByHand(SECRET, other));
      const old = storedIn(issuerNow().setByHand(SECRET, name));
      const { handle } = await identified(setup, old);
      setup.world.sent.length = 0;
      await session.revoke(handle);
      assert.deepEqual(changesTo(setup), [`ALTER USER "${USER}" UNSET ${property}`]);
      assert.equal((await session.probe(old)).outcome, 'unknown');
      assert.equal((await session.probe(kept)).outcome, 'active');
      assert.deepEqual(await namesIn(setup), [other]);
    }));

  it(`does not unset ${property} where another key stands by now`, () =>
    withSetup(CONTRACT, async (setup) => {
      const { session } = setup;
      const { handle } = await identified(setup, storedIn(issuerNow().setByHand(SECRET, name)));
      const theirs = storedIn(issuerNow().setByHand(SECRET, name));
      setup.world.sent.length = 0;
      await session.revoke(handle);
      assert.deepEqual(changesTo(setup), []);
      assert.equal((await session.probe(theirs)).outcome, 'active');
      assert.equal(statementsTo(setup)[0], `SHOW USER KEY PAIRS FOR USER "${USER}"`);
    }));
}

it('says that a key in a property cannot be disabled, and leaves it as it is', () =>
  withSetup(CONTRACT, async (setup) => {
    const value = storedIn(issuerNow().setByHand(SECRET, 'PUBLIC_KEY_1'));
    const { handle } = await identified(setup, value);
    assertCode(await rejection(setup.session.toggle?.disable(handle) ?? Promise.resolve()), 'issuer-refused');
    assert.equal((await setup.session.probe(value)).outcome, 'active');
  }));

it('reads the list right before it ends something, and believes nothing else afterwards', () =>
  withSetup(CONTRACT, async (setup) => {
    const { session, world } = setup;
    const { handle } = await issue(session, marked(0));
    world.sent.length = 0;
    world.intercept(async (request) =>
      does(await request.clone().text()) === 'ends' ? carriedOut(0) : undefined,
    );
    assertCode(await rejection(session.revoke(handle)), 'issuer-refused', 'lists it as active', '(REMOVE)');
    world.intercept(undefined);
    world.sent.length = 0;
    await session.revoke(handle);
    assert.deepEqual(
      statementsTo(setup).map((text) => /SHOW|REMOVE/.exec(text)?.[0]),
      ['SHOW', 'REMOVE', 'SHOW'],
    );
  }));

it('is fine with a key that a person removed a moment before', () =>
  withSetup(CONTRACT, async ({ session, world, issuer }) => {
    const { handle } = await issue(session, marked(0));
    world.intercept(async (request) => {
      if ((await request.clone().text()).includes('REMOVE ')) await issuer.revokeByHand(handle);
      return undefined;
    });
    await session.revoke(handle);
    assert.deepEqual(heldNow(), []);
  }));

it('revokes the pair of a person whatever its name is, and sends no name that fits no handle', () =>
  withSetup(CONTRACT, async (setup) => {
    const { session, world } = setup;
    const theirs = nextKey();
    issuerNow().pairs.add(ACCOUNT, 'x" REMOVE KEY PAIR "y: z', publicOf(theirs));
    const { handle } = await identified(setup, valueOf(theirs));
    world.sent.length = 0;
    await session.revoke(handle);
    assert.deepEqual(changesTo(setup), [`ALTER USER "${USER}" REMOVE KEY PAIR "x"" REMOVE KEY PAIR ""y: z"`]);
    assert.deepEqual(heldNow(), []);
    const mark = fingerprintOf(theirs).toString('base64url');
    world.sent.length = 0;
    for (const id of ['', 'A', `${mark}x`, mark.slice(1), `${mark.slice(1)}=`, `${mark}@1`, `MY_KEY:${mark}`])
      assertCode(await rejection(session.revoke(`${session.account}/keys/${id}`)), 'not-granted');
    assert.equal(world.sent.length, 0);
  }));

it('signs with the value, by its own clock, and sends no private key', () =>
  withSetup(CONTRACT, async ({ session, world, clock }) => {
    const { value } = await issue(session, marked(0));
    await clock.advanceBy(3 * HOUR);
    world.sent.length = 0;
    assert.equal((await session.probe(value)).outcome, 'active');
    const [sent, ...more] = world.sent;
    assert.ok(sent && more.length === 0);
    assert.match(sent.text, /^x-snowflake-authorization-token-type: KEYPAIR_JWT$/m);
    const { statement, timeout, role } = bodyIn(sent.text);
    assert.deepEqual([statement, role], ['SELECT CURRENT_USER()', undefined]);
    assert.ok(timeout > 0 && timeout < 10);
    const [, text = '', claims = '', signature = ''] =
      /authorization: Bearer ([\w-]+\.([\w-]+))\.([\w-]+)/.exec(sent.text) ?? [];
    const { iss, sub, iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString());
    const key = createPublicKey(value.reveal());
    const mark = createHash('sha256')
      .update(key.export({ type: 'spki', format: 'der' }))
      .digest('base64');
    assert.deepEqual([iss, sub], [`ACME-MAIN.${USER}.SHA256:${mark}`, `ACME-MAIN.${USER}`]);
    assert.deepEqual([iat, exp - iat], [Math.floor(clock.now() / 1_000), 300]);
    assert.ok(verify('sha256', Buffer.from(text), key, Buffer.from(signature, 'base64url')));
    assert.ok(!sent.text.includes(value.reveal().split('\n')[2] ?? '-'));
  }));

it('knows a key in the forms from before PKCS#8, and one of a curve', () =>
  withSetup(CONTRACT, async (setup) => {
    const rsa = nextKey();
    const curve = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
    for (const [key, pem] of [
      [rsa, rsa.export({ type: 'pkcs1', format: 'pem' })],
      [curve, curve.export({ type: 'sec1', format: 'pem' })],
      [curve, curve.export({ type: 'pkcs8', format: 'pem' })],
    ] as const) {
      const row = { ...ROW, fingerprint: `SHA256:${fingerprintOf(key).toString('base64')}` };
      setup.world.intercept(async (request) =>
        (await request.clone().text()).includes('SHOW ') ? resultOf(Object.keys(row), [row], 0) : undefined,
      );
      assert.equal((await identified(setup, new Secret(String(pem)))).name, ROW.name);
    }
    assert.ok(publicTextOf(curve).startsWith('MFkw'));
  }));

const ROW = {
  name: 'MY_KEY',
  user_name: USER,
  fingerprint: `SHA256:${'A'.repeat(43)}=`,
  role_scope: null,
  status: 'ACTIVE',
  comment: null,
  created_on: '1744207127.369000000',
  created_by: 'ANN',
  last_used_on: '1744207128.369000000',
  expires_at: null,
  rotated_to: null,
} as const;
const COLUMNS = Object.keys(ROW);
type Row = Readonly<Record<string, string | null>>;

function listAs(setup: Setup, rows: readonly Row[], change = (json: AdminJson) => json) {
  setup.world.intercept(async () => {
    const json: AdminJson = JSON.parse(await resultOf(Object.keys(rows[0] ?? ROW), rows, 0).text());
    return Response.json(change(json));
  });
  return setup.session.list();
}

it('reads a list by the names of its columns, with and without the name of the hash', () =>
  withSetup(CONTRACT, async (setup) => {
    const [first] = await listAs(setup, [ROW]);
    assert.deepEqual(first, {
      handle: `${setup.session.account}/keys/${'A'.repeat(43)}`,
      state: 'active',
      active: true,
      name: 'MY_KEY',
      createdAt: 1_744_207_127_369,
    });
    const turned = Object.fromEntries(Object.entries(ROW).toReversed());
    assert.deepEqual(await listAs(setup, [turned]), [first]);
    assert.deepEqual(await listAs(setup, [{ ...ROW, fingerprint: `${'A'.repeat(43)}=` }]), [first]);
    const [ended] = await listAs(setup, [
      {
        ...ROW,
        status: 'EXPIRED',
        role_scope: 'LOADER',
        expires_at: '1744207130.000000000',
        created_on: null,
      },
    ]);
    assert.deepEqual(
      [ended?.state, ended?.scopes, ended?.expiresAt, ended?.createdAt],
      ['expired', ['LOADER'], 1_744_207_130_000, undefined],
    );
    assert.deepEqual(await listAs(setup, [{ ...ROW, user_name: 'SVC_ROBOT_2' }]), []);
  }));

it('takes no list that is not whole, and no row that it does not understand', () =>
  withSetup(CONTRACT, async (setup) => {
    const at = COLUMNS.indexOf('fingerprint');
    const changes: ((json: AdminJson) => void)[] = [
      (json) => (json['code'] = '391908'),
      (json) => (json['resultSetMetaData'].numRows = 2),
      (json) => (json['resultSetMetaData'].partitionInfo = [{}, {}]),
      (json) => (json['resultSetMetaData'].rowType[COLUMNS.indexOf('created_on')].type = 'text'),
      (json) => (json['data'][0][COLUMNS.indexOf('status')] = 'LOCKED'),
      (json) => (json['data'][0][0] = null),
      (json) => (json['data'][0][at] = null),
      (json) => (json['data'][0][at] = 'MD5:00'),
      (json) => (json['data'][0][at] = `SHA256:${'A'.repeat(42)}=`),
      (json) => (json['resultSetMetaData'].rowType[at].name = 'finger'),
    ];
    for (const change of changes) {
      const listed = listAs(setup, [ROW], (json) => {
        change(json);
        return json;
      });
      assertCode(await rejection(listed), 'issuer-response-invalid');
    }
  }));

it('takes a value for its active pair where a disabled or expired one has the same key', () =>
  withSetup(CONTRACT, async (setup) => {
    const key = nextKey();
    const fingerprint = `SHA256:${fingerprintOf(key).toString('base64')}`;
    const rows = ['EXPIRED', 'DISABLED', 'ACTIVE'].map((status) => ({
      ...ROW,
      name: status,
      status,
      fingerprint,
    }));
    for (const order of [rows, rows.toReversed()]) {
      assert.deepEqual(
        (await listAs(setup, order)).map(({ name }) => name),
        ['ACTIVE'],
      );
      assert.equal((await identified(setup, valueOf(key))).state, 'active');
    }
  }));

it('gives no verdict on a key that is not accepted, and says what may be the reason', () =>
  withSetup(CONTRACT, async ({ session, other, world }) => {
    const { value } = await issue(session, marked(0));
    for (const [status, code, message, reason] of [
      [401, '390144', 'JWT token is invalid. [0ce9eb56-821d-4ca9-a774-04ae89a0cf5a]', 'or a clock is off'],
      [403, '390144', 'JWT token is invalid. [0ce9eb56-821d-4ca9-a774-04ae89a0cf5a]', 'neither yes nor no'],
      [401, '394304', 'JWT token is invalid.', 'neither yes nor no'],
      [401, '390144', 'Incoming request is not allowed', 'neither yes nor no'],
    ] as const) {
      world.intercept(() => Response.json({ code, message }, { status }));
      const probe = await session.probe(value);
      assert.ok(probe.outcome === 'unknown' && probe.reason.includes(reason), JSON.stringify(probe));
    }
    world.intercept(undefined);
    assert.equal((await other.probe(value)).outcome, 'unknown');
  }));

it('takes an answer about a key for none that names another user, or two', () =>
  withSetup(CONTRACT, async ({ session, world }) => {
    const { value } = await issue(session, marked(0));
    const rows = [USER, 'SVC_ROBOT_2'].map((user) => ({ 'CURRENT_USER()': user }));
    for (const [shown, outcome, reason] of [
      [rows.slice(0, 1), 'active', NONE],
      [rows.slice(1), 'unknown', /another user than SVC_ROBOT_1/],
      [rows, 'unknown', /neither yes nor no/],
      [[], 'unknown', /neither yes nor no/],
    ] as const) {
      world.intercept(() => resultOf(['CURRENT_USER()'], shown, 0));
      const probe = await session.probe(value);
      assert.equal(probe.outcome, outcome);
      assert.match(probe.outcome === 'unknown' ? probe.reason : '', reason);
    }
  }));

it('takes a statement that goes on for neither a creation, a revocation, a list nor an acceptance', () =>
  withSetup(CONTRACT, async ({ session, world }) => {
    const { handle, value } = await issue(session, marked(0));
    const goesOn = (begins: string) =>
      world.intercept(async (request) => {
        const { statement } = Body.parse(await request.clone().json());
        const pending = {
          code: '333334',
          message: 'Asynchronous execution in progress.',
          statementHandle: 'x',
        };
        return statement.includes(begins) ? Response.json(pending, { status: 202 }) : undefined;
      });
    goesOn('ADD KEY PAIR');
    assertCode(await rejection(issue(session, marked(1))), 'issuer-refused');
    goesOn('REMOVE KEY PAIR');
    assertCode(await rejection(session.revoke(handle)), 'issuer-refused', 'lists it as active');
    goesOn('MODIFY KEY PAIR');
    assertCode(
      await rejection(session.toggle?.disable(handle) ?? Promise.resolve()),
      'issuer-response-invalid',
    );
    goesOn('SHOW');
    assertCode(await rejection(session.list()), 'issuer-response-invalid');
    goesOn('SELECT');
    assert.equal((await session.probe(value)).outcome, 'unknown');
    assert.equal(heldNow().length, 1);
  }));

it('names the role of the admin in what it manages alone, and signs that with the admin key', () =>
  withSetup(CONTRACT, async (setup) => {
    const { session } = setup;
    const { handle, value } = await issue(session, marked(0));
    await session.toggle?.disable(handle);
    await session.probe(value);
    await session.revoke(handle);
    for (const { text } of setup.world.sent) {
      const { statement, timeout, role } = bodyIn(text);
      const [, claims = ''] = /authorization: Bearer [\w-]+\.([\w-]+)\./.exec(text) ?? [];
      const { sub } = JSON.parse(Buffer.from(claims, 'base64url').toString());
      const isCheck = statement.startsWith('SELECT');
      assert.deepEqual(
        [role, sub],
        isCheck ? [undefined, `ACME-MAIN.${USER}`] : ['KEYTURN_ADMIN', 'ACME-MAIN.KEYTURN'],
      );
      assert.ok(timeout > 0 && timeout < 10);
    }
  }));

it('says that Snowflake refuses the admin key, and what the role of the admin lacks, without the key', () =>
  withSetup(CONTRACT, async ({ admin, world }) => {
    const opened = (change: object) =>
      listing(snowflakeKey.open(new Secret(JSON.stringify({ ...admin, ...change })), SECRET, world.tools));
    const refused = await rejection(opened({ private_key_base64: 'canary-key-0001' }).list());
    assertCode(refused, 'admin-credential-rejected', '(SHOW)', 'what the admin key signed');
    assert.ok(!everythingIn(refused).includes('canary'));
    const lacking = await rejection(opened({ role: 'PUBLIC' }).list());
    assertCode(lacking, 'issuer-refused', 'lacks the privilege');
  }));
