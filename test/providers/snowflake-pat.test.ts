import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import * as z from 'zod';
import { Secret } from '../../functions/core/basics/secret.ts';
import { DAY, HOUR } from '../../functions/core/basics/time.ts';
import { snowflakePat } from '../../functions/providers/snowflake-pat/index.ts';
import { markerOf, tokenName } from '../../functions/providers/snowflake-pat/schema.ts';
import { identifier, literal } from '../../functions/providers/snowflake-api.ts';
import { snowflakePatSimulator } from '../../lib/sandbox/issuers/snowflake-pat.ts';
import { resultOf, secondsText } from '../../lib/sandbox/issuers/snowflake-answers.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, listing, marked, withSetup, type Setup } from '../contracts/setup.ts';
import { assertCode, everythingIn, rejection } from '../contracts/world.ts';
import { contractOf } from './contract-of.ts';

const STATEMENTS = '/api/v2/statements';
const Body = z.object({ statement: z.string(), timeout: z.int(), role: z.string().optional() });
const bodyIn = (text: string) => Body.parse(JSON.parse(/^\{.*$/m.exec(text)?.[0] ?? ''));
const Row = z.object({
  code: z.unknown(),
  resultSetMetaData: z.object({ rowType: z.array(z.object({ name: z.string() })) }),
  data: z.tuple([z.array(z.unknown())]),
});

/** A row with one column after the other, and what else the answer says. */
function readRow(text: string): Record<string, unknown> {
  const { code, resultSetMetaData, data } = Row.parse(JSON.parse(text));
  const cells = resultSetMetaData.rowType.map(({ name }, at) => [name, data[0][at]]);
  return { code, ...Object.fromEntries(cells) };
}

function writeRow(status: number, { code, ...cells }: object & { readonly code?: unknown }): Response {
  const left = Object.entries(cells).filter(([, cell]) => cell !== undefined);
  return Response.json(
    {
      ...(code !== undefined && { code }),
      resultSetMetaData: { numRows: 1, rowType: left.map(([name]) => ({ name, type: 'text' })) },
      data: [left.map(([, cell]) => cell)],
    },
    { status },
  );
}

function does(text: string): 'reads' | 'creates' | 'ends' {
  if (text.includes(' ADD PROGRAMMATIC')) return 'creates';
  return /(REMOVE|MODIFY) PROGRAMMATIC/.test(text) ? 'ends' : 'reads';
}

const CONTRACT: ProviderContract = {
  ...contractOf(snowflakePat, {
    accountFields: ['user'],
    made: { id: 'token_name', value: 'token_secret' },
    form: { read: readRow, write: writeRow },
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
        field: 'grants[0].role',
        breakIt: (admin, canary) => {
          admin['grants'][0].role = `X' ${canary}`;
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
  name: 'snowflake-pat against its simulator',
  createIssuer: (clock) => snowflakePatSimulator({ clock }),
};

defineProviderContract(CONTRACT);

/** The statements that were sent, in order. */
const sentTo = ({ world }: Pick<Setup, 'world'>) => world.sent.map(({ text }) => bodyIn(text));

it('quotes whatever a name or a text holds, so that nothing of it is a statement', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const name = identifier(text);
      assert.match(name, /^"(?:[^"]|"")*"$/);
      assert.equal(name.slice(1, -1).replaceAll('""', '"'), text);
      const quoted = literal(text);
      assert.match(quoted, /^'(?:[^'\\]|''|\\\\)*'$/);
      assert.equal(quoted.slice(1, -1).replaceAll("''", "'").replaceAll('\\\\', '\\'), text);
    }),
  );
  assert.equal(identifier('a" REMOVE "b'), '"a"" REMOVE ""b"');
  assert.equal(literal("a\\' DAYS_TO_EXPIRY = 365 --"), "'a\\\\'' DAYS_TO_EXPIRY = 365 --'");
});

it('takes no user and no role that Snowflake would have to be told in quotes', () =>
  withSetup(CONTRACT, async ({ admin, world }) => {
    const opening = (field: string, name: string) => {
      const changed = structuredClone(admin);
      changed['grants'][0][field] = name;
      return () => snowflakePat.open(new Secret(JSON.stringify(changed)), SECRET, world.tools);
    };
    fc.assert(
      fc.property(fc.constantFrom('user', 'role'), fc.string(), (field, name) => {
        fc.pre(!/^[A-Z_][A-Z0-9_$]*$/.test(name));
        assert.throws(opening(field, name), /must be the name of/);
      }),
    );
    assert.ok(opening('user', 'SVC_$1')());
  }));

it('keeps a marker in a name that needs no quotes, and reads it back as it was', () => {
  const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
  fc.assert(
    fc.property(hex(10), hex(12), hex(16), (one, two, three) => {
      const marker = `keyturn-${one}-${two}-${three}`;
      assert.match(tokenName(marker), /^[A-Z][A-Z0-9_]{0,254}$/);
      assert.equal(markerOf(tokenName(marker)), marker);
    }),
  );
  for (const name of ['KEYTURN_', 'KEYTURN_XYZ', 'MY_KEYTURN_01', 'keyturn_01'])
    assert.equal(markerOf(name), name);
});

it('revokes the token of a person whatever its name is, and sends no name that fits no handle', () =>
  withSetup(CONTRACT, async (setup) => {
    const { session, world } = setup;
    const { handle } = await issue(session, marked(0));
    const [start = ''] = handle.split('tokens/');
    const odd = `${start}tokens/x" REMOVE "y@1`;
    world.intercept(async (request) => {
      const { statement } = Body.parse(await request.json());
      if (!statement.startsWith('SHOW')) return undefined;
      const row = { ...ACTIVE_ROW, name: 'x" REMOVE "y', created_on: '0.001000000' };
      return resultOf(Object.keys(row), [row], 0);
    });
    // The simulator knows no such token: what counts is what was sent.
    await rejection(session.revoke(odd));
    assert.ok(
      sentTo(setup).some(({ statement }) =>
        statement.endsWith('REMOVE PROGRAMMATIC ACCESS TOKEN "x"" REMOVE ""y"'),
      ),
    );
    world.sent.length = 0;
    for (const name of ['a@b@1', 'a\n@1', 'ä@1', '@1', 'a'])
      assertCode(await rejection(session.revoke(`${start}tokens/${name}`)), 'not-granted');
    assert.equal(world.sent.length, 0);
  }));

const ACTIVE_ROW = {
  name: 'ANY',
  user_name: 'SVC_ROBOT_1',
  role_restriction: 'REPORTS_READER',
  expires_at: '1900000000.000000000',
  status: 'ACTIVE',
  created_on: '1744207127.369000000',
};

function listAs(
  setup: Setup,
  row: Readonly<Record<string, string | null>>,
  change = (json: AdminJson) => json,
) {
  setup.world.intercept(async () => {
    const json: AdminJson = JSON.parse(await resultOf(Object.keys(row), [row], 0).text());
    return Response.json(change(json));
  });
  return setup.session.list();
}

it('reads a list by the names of its columns, whatever their order', () =>
  withSetup(CONTRACT, async (setup) => {
    const turned = Object.fromEntries(Object.entries(ACTIVE_ROW).toReversed());
    const [first] = await listAs(setup, ACTIVE_ROW);
    assert.deepEqual(await listAs(setup, { comment: 'x', ...turned }), [first]);
    assert.equal(first?.createdAt, 1_744_207_127_369);
    assert.equal(first.expiresAt, 1_900_000_000_000);
    assert.deepEqual(first.scopes, ['REPORTS_READER']);
    assert.deepEqual((await listAs(setup, { ...ACTIVE_ROW, role_restriction: null }))[0]?.scopes, []);
    assert.deepEqual(
      (
        await listAs(setup, ACTIVE_ROW, (json) => {
          json['data'][0][5] += ' 960';
          json['resultSetMetaData'].rowType[5].type = 'TIMESTAMP_TZ';
          return json;
        })
      )[0]?.createdAt,
      1_744_207_127_369,
    );
  }));

it('takes no list that is not whole, and no time without a zone', () =>
  withSetup(CONTRACT, async (setup) => {
    const changes: ((json: AdminJson) => void)[] = [
      (json) => (json['code'] = '391908'),
      (json) => (json['resultSetMetaData'].numRows = 2),
      (json) => (json['resultSetMetaData'].partitionInfo = [{}, {}]),
      (json) => json['resultSetMetaData'].rowType.push({ name: 'rotated_to', type: 'text' }),
      (json) => json['data'][0].push('x'),
      (json) => {
        json['resultSetMetaData'].rowType.push({ name: 'name', type: 'text' });
        json['data'][0].push('ANOTHER');
      },
      (json) => (json['resultSetMetaData'].rowType[5].type = 'timestamp_ntz'),
      (json) => (json['resultSetMetaData'].rowType[5].type = 'text'),
      (json) => (json['data'][0][5] = '2026-03-02 10:17:30'),
      (json) => (json['data'][0][4] = 'LOCKED'),
      (json) => (json['data'][0][0] = null),
    ];
    for (const change of changes) {
      const listed = listAs(setup, ACTIVE_ROW, (json) => {
        change(json);
        return json;
      });
      assertCode(await rejection(listed), 'issuer-response-invalid');
    }
  }));

it('leaves out tokens that a list shows of another user', () =>
  withSetup(CONTRACT, async (setup) => {
    assert.equal((await listAs(setup, ACTIVE_ROW)).length, 1);
    assert.deepEqual(await listAs(setup, { ...ACTIVE_ROW, user_name: 'SVC_ROBOT_2' }), []);
  }));

it('asks for whole days, never for more than the policy, and for no life below one', () =>
  withSetup(CONTRACT, async (setup) => {
    const { session, clock } = setup;
    for (const [life, days] of [
      [5 * DAY + HOUR, 5],
      [6 * DAY - 1_000, 5],
      [6 * DAY, 6],
      [DAY, 1],
    ] as const) {
      const { expiresAt = 0 } = await issue(session, marked(days + life), clock.now() + life);
      assert.equal(expiresAt, clock.now() + days * DAY);
    }
    setup.world.sent.length = 0;
    const error = await rejection(issue(session, marked(0), clock.now() + DAY - 1_000));
    assertCode(error, 'bad-request', 'whole days');
    assert.equal(setup.world.sent.length, 0);
  }));

it('has Snowflake give up a statement before Keyturn does, and names the role of the admin alone', () =>
  withSetup(CONTRACT, async (setup) => {
    const { handle, value } = await issue(setup.session, marked(0));
    await setup.session.toggle?.disable(handle);
    await setup.session.probe(value);
    await setup.session.revoke(handle);
    assert.match(sentTo(setup)[0]?.statement ?? '', / ADD PROGRAMMATIC ACCESS TOKEN "KEYTURN_[0-9A-F_]+" /);
    const types = setup.world.sent.map(
      ({ text }) => /^x-snowflake-authorization-token-type: (.+)$/m.exec(text)?.[1],
    );
    assert.deepEqual([...new Set(types)], ['KEYPAIR_JWT', 'PROGRAMMATIC_ACCESS_TOKEN']);
    for (const { statement, timeout, role } of sentTo(setup)) {
      assert.ok(timeout > 0 && timeout < 10);
      assert.equal(role, statement.startsWith('SELECT') ? undefined : 'KEYTURN_ADMIN');
    }
  }));

const PENDING = { code: '333334', message: 'Asynchronous execution in progress.', statementHandle: 'x' };

it('takes a statement that goes on for neither a creation, a revocation, a list nor an acceptance', () =>
  withSetup(CONTRACT, async ({ session, world, issuer }) => {
    const { handle, value } = await issue(session, marked(0));
    const goesOn = (begins: string) =>
      world.intercept(async (request) => {
        const { statement } = Body.parse(await request.clone().json());
        return statement.includes(begins) ? Response.json(PENDING, { status: 202 }) : undefined;
      });
    goesOn('ADD PROGRAMMATIC');
    assertCode(await rejection(issue(session, marked(1))), 'issuer-response-invalid');
    goesOn('REMOVE PROGRAMMATIC');
    assertCode(await rejection(session.revoke(handle)), 'issuer-response-invalid', 'lists it as active');
    goesOn('MODIFY PROGRAMMATIC');
    assertCode(
      await rejection(session.toggle?.disable(handle) ?? Promise.resolve()),
      'issuer-response-invalid',
    );
    goesOn('SHOW');
    assertCode(await rejection(session.list()), 'issuer-response-invalid');
    goesOn('SELECT');
    assert.equal((await session.probe(value)).outcome, 'unknown');
    assert.equal((await issuer.credentials(SECRET)).filter(({ live }) => live).length, 1);
  }));

it('believes the sentence of a removal alone, and only about this very token', () =>
  withSetup(CONTRACT, async ({ session, world }) => {
    const { handle } = await issue(session, marked(0));
    for (const status of ['Programmatic access token ANOTHER successfully removed.', 'Statement executed.']) {
      world.intercept(async (request) =>
        (await request.clone().text()).includes('REMOVE ')
          ? resultOf(['status'], [{ status }], 0)
          : undefined,
      );
      assertCode(await rejection(session.revoke(handle)), 'issuer-response-invalid', 'lists it as active');
    }
    world.intercept(undefined);
    world.sent.length = 0;
    await session.revoke(handle);
    assert.equal(world.sent.length, 2);
  }));

it('is fine with a token that a person removed a moment before', () =>
  withSetup(CONTRACT, async ({ session, world, issuer }) => {
    const { handle } = await issue(session, marked(0));
    world.intercept(async (request) => {
      if ((await request.clone().text()).includes('REMOVE ')) await issuer.revokeByHand(handle);
      return undefined;
    });
    await session.revoke(handle);
    assert.deepEqual(await session.list(), []);
  }));

it('does not end a token that a person gave the name of a removed one', () =>
  withSetup(CONTRACT, async (setup) => {
    const { session, clock, world } = setup;
    const first = await issue(session, marked(0));
    await session.revoke(first.handle);
    await clock.advanceBy(1_000);
    const second = await issue(session, marked(0));
    assert.notEqual(first.handle, second.handle);
    world.sent.length = 0;
    await session.revoke(first.handle);
    assert.ok(sentTo(setup).every(({ statement }) => statement.startsWith('SHOW')));
    assert.equal((await session.probe(second.value)).outcome, 'active');
  }));

it('gives no verdict on a refused token, and says what may be the reason', () =>
  withSetup(CONTRACT, async ({ session, world }) => {
    const { value } = await issue(session, marked(0));
    for (const [code, message, reason] of [
      ['394400', 'Programmatic access token is invalid.', 'removed, expired or disabled, or a policy'],
      ['390432', 'Fail : Network policy is required.', 'subject to no network policy'],
      ['390144', 'JWT token is invalid. [0ce9eb56-821d-4ca9-a774-04ae89a0cf5a]', 'neither yes nor no'],
      ['390303', 'Invalid OAuth access token.', 'neither yes nor no'],
    ]) {
      world.intercept(() => Response.json({ code, message }, { status: 401 }));
      const probe = await session.probe(value);
      assert.ok(probe.outcome === 'unknown' && probe.reason.includes(reason ?? '-'), code);
    }
  }));

it('takes the words of a refusal for none of its own where their status is another', () =>
  withSetup(CONTRACT, async ({ session, world }) => {
    const { value } = await issue(session, marked(0));
    const body = { code: '394400', message: 'Programmatic access token is invalid.' };
    world.intercept(() => Response.json(body, { status: 401 }));
    assert.equal(await session.identify(value), undefined);
    world.intercept(() => Response.json(body, { status: 403 }));
    assertCode(await rejection(session.identify(value)), 'issuer-response-invalid');
  }));

it('says unknown of a token that another user has', () =>
  withSetup(CONTRACT, async ({ session, other }) => {
    const { value } = await issue(other, marked(0));
    const probe = await session.probe(value);
    assert.ok(probe.outcome === 'unknown' && probe.reason.includes('another user than SVC_ROBOT_1'));
  }));

it('takes no answer about a token that names two users', () =>
  withSetup(CONTRACT, async ({ session, world }) => {
    const { value } = await issue(session, marked(0));
    const rows = ['SVC_ROBOT_1', 'SVC_ROBOT_2'].map((user) => ({ 'CURRENT_USER()': user }));
    for (const [shown, outcome] of [
      [rows.slice(0, 1), 'active'],
      [rows, 'unknown'],
      [[], 'unknown'],
    ] as const) {
      world.intercept(() => resultOf(['CURRENT_USER()'], shown, 0));
      assert.equal((await session.probe(value)).outcome, outcome);
    }
  }));

it('never sends the key: it signs, by its own clock, within the hour that Snowflake allows', () =>
  withSetup(CONTRACT, async ({ session, world, admin, clock }) => {
    const pem = Buffer.from(admin['private_key_base64'], 'base64').toString().split('\n')[1] ?? '';
    assert.ok(pem.length > 40);
    await issue(session, marked(0));
    await clock.advanceBy(3 * HOUR);
    assert.equal((await session.list()).length, 1);
    for (const { text } of world.sent) {
      assert.ok(!text.includes(pem));
      const [, claims = ''] = /authorization: Bearer [\w-]+\.([\w-]+)\./.exec(text) ?? [];
      const { iss, sub, iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString());
      assert.match(iss, /^ACME-MAIN\.KEYTURN\.SHA256:[\w+/]{43}=$/);
      assert.equal(sub, 'ACME-MAIN.KEYTURN');
      assert.equal(exp - iat, 300);
    }
  }));

it('says that Snowflake refuses the admin key, and what the role of the admin lacks, without the key', () =>
  withSetup(CONTRACT, async ({ admin, world }) => {
    const opened = (change: object) =>
      listing(snowflakePat.open(new Secret(JSON.stringify({ ...admin, ...change })), SECRET, world.tools));
    const refused = await rejection(opened({ private_key_base64: 'canary-key-0001' }).list());
    assertCode(refused, 'admin-credential-rejected', '(SHOW)', 'what the admin key signed');
    assert.ok(!everythingIn(refused).includes('canary'));
    const lacking = await rejection(opened({ role: 'PUBLIC' }).list());
    assertCode(lacking, 'issuer-refused', 'lacks the privilege');
  }));

it('says unknown of an admin key that another user has', () =>
  withSetup(CONTRACT, async ({ admin, world, issuer }) => {
    world.intercept(async (request) => {
      const text = await (await issuer.fetch(request.clone())).text();
      return new Response(text.replace('["KEYTURN"]', '["SOMEBODY"]'));
    });
    const probe = await snowflakePat.examine(new Secret(JSON.stringify(admin)), world.tools);
    assert.ok(probe.outcome === 'unknown' && probe.reason.includes('another user than KEYTURN'));
  }));

it('tells a limit of 15, which expired tokens do not count for', () =>
  withSetup(CONTRACT, async ({ session, clock }) => {
    for (let index = 0; index < 15; index++)
      await issue(session, marked(index), clock.now() + (index === 0 ? 1 : 9) * DAY);
    const full = await rejection(issue(session, 'keyturn-aa', clock.now() + 9 * DAY));
    assertCode(full, 'issuer-refused', '(ADD)', 'Exceeded maximum of 15 programmatic access tokens');
    await clock.advanceBy(DAY);
    await issue(session, 'keyturn-aa', clock.now() + 9 * DAY);
    const states = (await session.list()).map(({ state }) => state);
    assert.equal(states.filter((state) => state === 'expired').length, 1);
  }));

it('writes times as Snowflake does', () => {
  assert.equal(secondsText(1_744_207_127_369), '1744207127.369000000');
});
