import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { createHash } from 'node:crypto';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { TAGS } from '../../functions/core/policy/tags.ts';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { DAY, HOUR } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import { whose } from '../../functions/use-cases/incidents/leak-reports.ts';
import type { World } from '../world/world.ts';
import { inTurn } from '../extent.ts';
import {
  NAME,
  SHORT,
  SUBJECTS,
  adopted,
  bare,
  complete,
  consoleRotates,
  credentialIn,
  askGuard,
  inGrace,
  isLive,
  oldOf,
  put,
  recordOf,
  rotateOnce,
  send,
  tamper,
  withPorts,
  worldOf,
  type Home,
  type Subject,
} from './home.ts';

const FREQUENT = { ...SHORT, [TAGS.rotateEvery]: '2d', [TAGS.maxAge]: '10d' };

/** Texts that hold a working token where Keyturn does not look, and what the owner has to read of each. */
const UNREAD: readonly (readonly [string, (value: string, field: string) => string, RegExp])[] = [
  [
    'in another field',
    (value) => JSON.stringify({ ACCESS_TOKEN: value, ISSUER_URL: 'https://issuer.test' }),
    /has other fields but not "\w+".+"ACCESS_TOKEN"/,
  ],
  [
    'in a field of another case',
    (value, field) => JSON.stringify({ [field.toUpperCase()]: value }),
    /has other fields but not/,
  ],
  [
    'in a nested object',
    (value, field) => JSON.stringify({ issuer: { [field]: value } }),
    /it stood in "issuer\.\w+"/,
  ],
  [
    'as a password beside a user',
    (value) => JSON.stringify({ username: 'ci', password: value }),
    /it stood in "password"/,
  ],
  [
    'beside its own field, which is empty',
    (value, field) => JSON.stringify({ [field]: '', OTHER: value }),
    /is empty, and other fields stand beside it/,
  ],
  [
    'under a field that is there twice',
    (value, field) => `{"${field}":"x","${field}":${JSON.stringify(value)}}`,
    /twice: keep one/,
  ],
  ['as a JSON string', (value) => JSON.stringify(value), /it looks like a JSON string/],
  ['in a list', (value) => JSON.stringify([value]), /it looks like a JSON array/],
  ['in an assignment', (value) => `SOME_TOKEN=${value}`, /it looks like an assignment/],
  [
    'in a line of a shell script',
    (value) => `export SOME_TOKEN=${value}\n`,
    /it looks like a line of a shell script/,
  ],
  ['in a header', (value) => `Bearer ${value}`, /it looks like the value of an HTTP header/],
  ['in a URL', (value) => `https://ci:${value}@issuer.test/repo.git`, /it looks like a URL/],
  ['in an env file', (value) => `A=1\nSOME_TOKEN=${value}\n`, /it looks like several lines/],
  ['in YAML', (value) => `token: ${value}`, /it looks like YAML/],
  [
    'wrapped in its own field',
    (value, field) => JSON.stringify({ [field]: `Bearer ${value}` }),
    /The field "\w+" of the secret .+ HTTP header/,
  ],
];

function fieldOf(world: World): string {
  return DESCRIPTORS.find(({ id }) => id === world.provider)?.valueField ?? '';
}

async function holding(
  subject: Subject,
  textOf: (value: string, field: string) => string,
  tags: Record<string, string>,
): Promise<Home & { value: string; text: string }> {
  const world = worldOf(subject);
  await world.createAdminSecret([NAME]);
  const value = bare(await world.issuer.createByHand(NAME));
  const text = textOf(value, fieldOf(world));
  const arn = await world.createToken(NAME, { value: text, tags });
  return { world, arn, subject, value, text };
}

async function live(world: World): Promise<string[]> {
  return (await world.issuer.credentials(NAME)).filter((one) => one.live).map((one) => one.handle);
}

/** Everything that a person could be told or find. */
async function seen(home: Home): Promise<string> {
  const { world, arn } = home;
  return JSON.stringify([await world.record(arn), world.facts, world.logged, world.errors]);
}

for (const subject of inTurn(SUBJECTS, import.meta.filename)) {
  describe(`a token that stands where it is not read, ${subject.id}`, () => {
    for (const [where, textOf, says] of UNREAD)
      test(`${where}: nothing is made, written or called inactive`, async () => {
        const home = await holding(subject, textOf, FREQUENT);
        const { world, arn, text, value } = home;
        const before = await live(world);
        await complete(world);
        world.startSchedules();
        await world.clock.advanceBy(3 * DAY);
        const open = (await recordOf(home)).findings.filter((one) => one.state === 'open');
        const unusable = open.find((one) => one.kind === 'secret-unusable');
        assert.match(unusable?.detail ?? '', says, JSON.stringify(open));
        assert.match(unusable?.detail ?? '', /keyturn:(field|format)|twice: keep one/);
        await consoleRotates(world, arn).catch(() => undefined);
        await world.clock.advanceBy(HOUR);
        assert.deepEqual(await live(world), before, 'nothing was made, and nothing died');
        assert.equal(world.peek(arn), text);
        for (const one of [...open, ...(await recordOf(home)).findings])
          assert.doesNotMatch(`${one.kind} ${one.detail}`, /revoke|revocation|inactive|dead/);
        assert.ok(!(await seen(home)).includes(value), 'its value was told');
      });

    test('it is inspected once its text is corrected, whatever the version before looks like', async () => {
      const home = await holding(subject, (value) => `Bearer ${value}`, FREQUENT);
      const { world, arn, value } = home;
      await complete(world);
      await put(world, arn, value);
      world.startSchedules();
      await world.clock.advanceBy(2 * HOUR);
      const token = await recordOf(home);
      assert.deepEqual(
        token.findings.filter((one) => one.state === 'open'),
        [],
      );
      assert.equal(currentOf(token)?.origin, 'adopted');
      await rotateOnce(home);
      assert.notEqual(world.peek(arn), value);
    });
  });

  describe(`a token that stands where its tags say, ${subject.id}`, () => {
    const STATED: readonly (readonly [string, Record<string, string>, (value: string) => string])[] = [
      [
        'in a field of another name',
        { [TAGS.field]: 'ACCESS_TOKEN' },
        (value) =>
          `{ "n": 1.0,\n  "ACCESS_TOKEN": "${value}", "big": 12345678901234567890, "e": 1e3, "n": 2 }\n`,
      ],
      [
        'in a nested field with a dot in its name',
        { [TAGS.field]: 'hosts.gitlab@5c@.com.token' },
        (value) =>
          `{"hosts":{"gitlab.com":{"token":"${value}","user":"\\u0063i"}},"list":[1.50,{"a":1,"a":2}]}`,
      ],
      ['in an assignment', { [TAGS.format]: 'SOME_TOKEN={value}' }, (value) => `SOME_TOKEN=${value}\n`],
      [
        'behind a word in its field',
        { [TAGS.field]: 'authorization', [TAGS.format]: 'Bearer @value@' },
        (value) => `{"authorization" : " Bearer ${value}\\n"}`,
      ],
    ];
    for (const [where, tags, textOf] of STATED)
      test(`${where}: it is rotated there, and nothing around it changes`, async () => {
        const home = await holding(subject, textOf, { ...FREQUENT, ...tags });
        const { world, arn, value, text } = home;
        await complete(world);
        assert.ok(currentOf(await recordOf(home))?.fingerprint);
        await rotateOnce(home);
        const next = world.peek(arn);
        const made = (await credentialIn(world, next)).value;
        assert.notEqual(made, value);
        const ours = /,\s*"_keyturn":\{(?:"[^"]*"|\{[^}]*\}|[^"{}])*\}|,\s*"client_id":"[^"]*"/g;
        assert.equal(next.replaceAll(ours, ''), text.replace(value, made));
        world.startSchedules();
        await world.clock.advanceBy(4 * HOUR);
        await rotateOnce(home);
        assert.equal(world.peek(arn).match(/_keyturn/g)?.length ?? 0, text.startsWith('{') ? 1 : 0);
      });
  });

  describe(`old versions that are not understood, ${subject.id}`, () => {
    test('an old credential ends although the owner moved the value to another field since', async () => {
      const home = await inGrace(subject, { tags: FREQUENT });
      const { world, arn } = home;
      const old = oldOf(await recordOf(home)).handle ?? '';
      const current = (await credentialIn(world, world.peek(arn))).value;
      await world.tag(arn, { [TAGS.field]: 'MOVED' });
      await put(world, arn, JSON.stringify({ MOVED: current }));
      world.startSchedules();
      await world.clock.advanceBy(DAY);
      assert.ok(!(await isLive(world, old)), 'it lives on');
      await world.clock.advanceBy(3 * DAY);
      const now = await credentialIn(world, world.peek(arn));
      assert.ok(now.live && now.value !== current, 'it is rotated on');
      assert.deepEqual(
        (await recordOf(home)).findings.filter((one) => one.state === 'open'),
        [],
      );
    });

    test('a version that is unknown and not understood keeps every credential active', async () => {
      const home = await inGrace(subject, { tags: FREQUENT });
      const { world, arn } = home;
      const old = oldOf(await recordOf(home));
      await tamper(home, (token) => ({
        ...token,
        credentials: token.credentials.map((one) =>
          one.id === old.id ? { ...one, state: 'revoking', withoutGrace: true } : one,
        ),
      }));
      const strange = await world.client.send(
        new PutSecretValueCommand({
          SecretId: arn,
          SecretString: `KEY=${old.id}`,
          VersionStages: ['by-hand'],
        }),
      );
      assert.ok(strange.VersionId);
      const verdict = await askGuard(home, old.id);
      assert.ok(
        !verdict.revoked && /is not understood: nothing tells whether/.test(verdict.reason),
        JSON.stringify(verdict),
      );
      assert.ok(await isLive(world, old.handle ?? ''));
    });

    test('a pending version by a person in another form does not make the token unusable', async () => {
      const home = await adopted(subject, { tags: FREQUENT });
      const { world, arn } = home;
      await world.client.send(
        new PutSecretValueCommand({
          SecretId: arn,
          SecretString: 'KEY=of-a-person',
          VersionStages: ['AWSPENDING'],
        }),
      );
      world.startSchedules();
      await world.clock.advanceBy(DAY);
      const open = (await recordOf(home)).findings.filter((one) => one.state === 'open');
      assert.deepEqual(
        open.filter((one) => one.kind === 'secret-unusable'),
        [],
      );
      assert.ok((await credentialIn(world, world.peek(arn))).live);
    });
  });

  describe(`what could not be stored, ${subject.id}`, () => {
    test('is not made: the sentence has the arithmetic', async () => {
      const home = await holding(
        subject,
        (value, field) => JSON.stringify({ [field]: value, config: 'x'.repeat(65_500 - value.length) }),
        FREQUENT,
      );
      const { world, arn, text } = home;
      const before = await world.issuer.credentials(NAME);
      await complete(world);
      world.startSchedules();
      await send(world, arn, { kind: 'rotate' });
      await world.clock.advanceBy(5 * DAY);
      assert.equal((await world.issuer.credentials(NAME)).length, before.length, 'something was made');
      assert.equal(world.peek(arn), text);
      const open = (await recordOf(home)).findings
        .filter((one) => one.state === 'open')
        .map((one) => one.detail);
      assert.ok(
        open.some((one) => /has 65\d\d\d bytes; .+ keeps 65536: take \d+ bytes out/.test(one ?? '')),
        JSON.stringify(open),
      );
    });

    test('a text that just fits is rotated', async () => {
      const home = await holding(
        subject,
        (value, field) => JSON.stringify({ [field]: value, config: 'x'.repeat(50_000) }),
        FREQUENT,
      );
      await complete(home.world);
      await rotateOnce(home);
    });
  });

  test(`white space around a value is no part of it, ${subject.id}`, async () => {
    const home = await holding(
      subject,
      (value, field) => JSON.stringify({ [field]: `\u00a0${value}\r\n`, note: 'kept' }),
      FREQUENT,
    );
    const { world, arn, value } = home;
    await complete(world);
    assert.match(currentOf(await recordOf(home))?.fingerprint ?? '', /^\d+:[0-9a-f]{64}$/);
    assert.ok(currentOf(await recordOf(home))?.handle, 'the issuer was asked about the value alone');
    const leaked = await withPorts(world, (ports) =>
      whose(createHash('sha256').update(value).digest('hex'), ports),
    );
    assert.deepEqual(
      leaked.map((one) => [one.tokenId, one.state]),
      [[tokenIdOf(arn), 'current']],
    );
    await rotateOnce(home);
    assert.match(world.peek(arn), /"\u00a0[^"]+\\r\\n"/);
    assert.ok(!world.peek(arn).includes(value));
  });
}
