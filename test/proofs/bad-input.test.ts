import {
  CancelRotateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import type { Ports } from '../../functions/core/ports/ports.ts';
import type { SecretDescription } from '../../functions/core/ports/secret-store.ts';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import { registered } from '../../functions/use-cases/inventory/registration.ts';
import { rotate } from '../../functions/use-cases/replacement/index.ts';
import type { VirtualClock } from '../../lib/sandbox/clock.ts';
import type { World } from '../world/world.ts';
import { inTurn } from '../extent.ts';
import {
  CALM,
  NAME,
  SHORT,
  SUBJECTS,
  adopted,
  bare,
  complete,
  consoleRotates,
  credentialIn,
  inGrace,
  put,
  recordOf,
  rotateOnce,
  send,
  shareResource,
  worldOf,
  type Home,
  type Subject,
} from './home.ts';
import { Witness } from './witness.ts';
import { roomOf } from '../../functions/core/issuer/issuer-facts.ts';

async function currentVersion(home: Home): Promise<string | undefined> {
  return [...(await home.world.labels(home.arn))].find(([, labels]) => labels.includes('AWSCURRENT'))?.[0];
}

/** Everything a person could have been told: findings, errors of functions, the log. */
async function told(world: World, arn: string): Promise<string> {
  const record = await world.record(arn);
  const findings =
    record?.findings.filter((one) => one.state === 'open').map((one) => `${one.kind}: ${one.detail}`) ?? [];
  return [...findings, record?.lastError?.message ?? '', ...world.errors, ...world.logged].join('\n');
}

interface Badness {
  readonly name: string;
  /** What a person has to read: the thing that is wrong, and what to do. */
  readonly says: readonly RegExp[];
  readonly spoil: (home: Home) => Promise<unknown>;
  /** The stored value itself is what is bad, so AWSCURRENT is the bad one. */
  readonly finding?: boolean;
  /** It is none of what a rotation needs: the token is rotated all the same. */
  readonly goesOn?: boolean;
}

const BADNESSES: readonly Badness[] = [
  {
    name: 'a provider that does not exist',
    says: [/keyturn:issuer/, /no issuer of this installation/],
    spoil: ({ world, arn }) => world.tag(arn, { 'keyturn:issuer': 'gitlub' }),
    finding: true,
  },
  {
    name: 'a missing owner',
    says: [/tag-invalid: The secret .* has no tag keyturn:owner: add it, for example keyturn:owner=/],
    spoil: ({ world, arn }) =>
      world.client.send(new UntagResourceCommand({ SecretId: arn, TagKeys: ['keyturn:owner'] })),
    finding: true,
    goesOn: true,
  },
  {
    name: 'a missing provider',
    says: [/has no tag keyturn:issuer: add it, for example keyturn:issuer=/],
    spoil: ({ world, arn }) =>
      world.client.send(new UntagResourceCommand({ SecretId: arn, TagKeys: ['keyturn:issuer'] })),
    finding: true,
  },
  {
    name: 'a tag that is no duration',
    says: [/keyturn:rotate-every/, /is not a duration like 30d/],
    spoil: ({ world, arn }) =>
      world.client.send(
        new TagResourceCommand({ SecretId: arn, Tags: [{ Key: 'keyturn:rotate-every', Value: 'monthly' }] }),
      ),
    finding: true,
    goesOn: true,
  },
  {
    name: 'tags that contradict each other',
    says: [/policy-unkeepable: .*minGrace 9d is longer than maxGrace 7d: shorten/],
    spoil: ({ world, arn }) => world.tag(arn, { 'keyturn:min-grace': '9d' }),
    finding: true,
    goesOn: true,
  },
  {
    name: 'tags that nobody reads',
    says: [
      /tag-invalid: The tag Keyturn:Max-Age .* keyturn:max-age: correct its name, or remove it. The tag keyturn:rotateEvery .* keyturn:rotate-every: correct its name, or remove it/,
    ],
    spoil: ({ world, arn }) => world.tag(arn, { 'keyturn:rotateEvery': '1d', 'Keyturn:Max-Age': '2d' }),
    finding: true,
    goesOn: true,
  },
  {
    name: 'a consumer of no kind',
    says: [/tag-invalid: The tag keyturn:consumer:ci .* has no kind before its first colon: write one of/],
    spoil: ({ world, arn }) => world.tag(arn, { 'keyturn:consumer:ci': 'jenkins/deploy' }),
    finding: true,
    goesOn: true,
  },
  {
    name: 'malformed JSON',
    says: [/starts like JSON but is not valid JSON: correct it/],
    spoil: ({ world, arn }) => put(world, arn, '{"token": '),
    finding: true,
  },
  {
    name: 'a value that is no text',
    says: [
      /The field "(token|client_secret)" of the secret is not text: store the credential there as a string/,
    ],
    spoil: ({ world, arn }) => put(world, arn, '{"token": 42, "client_secret": 42}'),
    finding: true,
  },
  {
    name: 'binary data',
    says: [/holds binary data: store its value as text/],
    spoil: ({ world, arn }) =>
      world.client.send(new PutSecretValueCommand({ SecretId: arn, SecretBinary: Buffer.from('x') })),
    finding: true,
  },
  {
    name: 'an admin secret that is no JSON',
    says: [/The admin secret of [\w-]+ is not valid JSON/],
    spoil: ({ world }) => put(world, `keyturn/admin/${world.provider}`, 'oops'),
    finding: true,
  },
  {
    name: 'an admin secret with a wrong field',
    says: [/field .* of the admin secret of [\w-]+ is wrong/],
    spoil: ({ world }) => put(world, `keyturn/admin/${world.provider}`, '{"grants": 3}'),
    finding: true,
  },
  {
    name: 'an admin secret that grants nothing to this secret',
    says: [/No grant for the secret prod\/app\/token: add one to the field grants of the admin secret/],
    spoil: ({ world }) =>
      put(world, `keyturn/admin/${world.provider}`, world.issuer.adminSecret(['other/app'])),
    finding: true,
  },
  {
    name: 'a wrong admin credential',
    says: [/answered 40[13] to .*admin credential|admin-credential-(unusable|rejected)/],
    spoil: wrongCredential,
    finding: true,
  },
  {
    name: 'a secret scheduled for deletion',
    says: [/is scheduled for deletion: restore it before it can be rotated/],
    spoil: ({ world, arn }) => world.client.send(new DeleteSecretCommand({ SecretId: arn })),
    finding: true,
  },
];

function hasRoom({ id }: Subject): boolean {
  const issuer = DESCRIPTORS.find((one) => one.id === id);
  return issuer !== undefined && roomOf(issuer.slots) > 2;
}

/** Whatever the credential of the admin secret is, another one. */
async function wrongCredential({ world }: Home): Promise<void> {
  const text = world.peek(`keyturn/admin/${world.provider}`);
  const spoiled = text.replace(/"(token|password)":"[^"]+"/g, '"$1":"not-the-right-one"');
  assert.notEqual(spoiled, text);
  await put(world, `keyturn/admin/${world.provider}`, spoiled);
}

for (const subject of inTurn(SUBJECTS, import.meta.filename)) {
  describe(`bad input, ${subject.id}`, () => {
    for (const bad of BADNESSES) {
      test(`${bad.name}: said clearly, nothing lost`, async () => {
        const home = await inGrace(subject);
        const { world, arn } = home;
        const good = await credentialIn(world, world.peek(arn));
        const live = (await world.issuer.credentials(NAME))
          .filter((one) => one.live)
          .map((one) => one.handle);
        await bad.spoil(home);
        const version = [...(world.aws.secretsManager.find(arn)?.versions.values() ?? [])].find((one) =>
          one.stages.has('AWSCURRENT'),
        )?.id;
        await world.clock.advanceBy(MINUTE);
        await send(world, arn, { kind: 'inspect' });
        await send(world, arn, { kind: 'rotate' });
        await consoleRotates(world, arn).catch(() => undefined);
        await world.clock.advanceBy(20 * MINUTE);
        const text = await told(world, arn);
        for (const pattern of bad.says) assert.match(text, pattern);
        if (bad.finding)
          assert.ok(
            (await recordOf(home)).findings.some((one) => one.state === 'open'),
            `no finding is open: ${text}`,
          );
        const after = [...(world.aws.secretsManager.find(arn)?.versions.values() ?? [])].find((one) =>
          one.stages.has('AWSCURRENT'),
        )?.id;
        // Where no slot is left, nothing is rotated with good tags either.
        if (bad.goesOn && hasRoom(subject)) assert.notEqual(after, version, `it was not rotated: ${text}`);
        else assert.equal(after, version, 'AWSCURRENT was touched');
        const now = (await world.issuer.credentials(NAME)).filter((one) => one.live).map((one) => one.handle);
        for (const handle of live) assert.ok(now.includes(handle), `${handle} was lost`);
        assert.ok(now.includes(good.handle));
        for (const one of await world.issuer.credentials(NAME))
          assert.ok(!text.includes(one.value), 'a value was told');
      });

      if (bad.finding)
        test(`${bad.name}, from the first moment: not silent`, async () => {
          const world = worldOf(subject);
          await world.createAdminSecret([NAME]);
          const arn = await world.createToken(NAME, {
            value: await world.issuer.createByHand(NAME),
            tags: CALM,
          });
          await bad.spoil({ world, arn, subject });
          world.startSchedules();
          await world.clock.advanceBy(3 * HOUR);
          const record = await world.record(arn);
          assert.ok(
            record?.findings.some((one) => one.state === 'open'),
            `no finding is open: ${world.errors.join(' | ')}`,
          );
          for (const pattern of bad.says) assert.match(await told(world, arn), pattern);
        });
    }

    test('a secret restored from its deletion is managed again', async () => {
      const home = await inGrace(subject);
      await home.world.client.send(new DeleteSecretCommand({ SecretId: home.arn }));
      home.world.startSchedules();
      await home.world.clock.advanceBy(7 * HOUR);
      await home.world.client.send(new RestoreSecretCommand({ SecretId: home.arn }));
      await home.world.clock.advanceBy(9 * HOUR);
      const record = await recordOf(home);
      assert.deepEqual(
        record.findings.filter((one) => one.state === 'open').map((one) => one.detail),
        [],
      );
      assert.equal((await home.world.issuer.credentials(NAME)).filter((one) => one.live).length, 1);
    });

    test('an issuer that cannot be reached: tried again, and well again', async () => {
      let isDown = false;
      const home = await inGrace(
        { ...subject, issuer: () => (clock) => failing(subject, clock, () => isDown) },
        { tags: SHORT },
      );
      const before = (await home.world.issuer.credentials(NAME)).filter((one) => one.live).length;
      home.world.startSchedules();
      isDown = true;
      await home.world.clock.advanceBy(9 * HOUR);
      assert.match(await told(home.world, home.arn), /could not be reached for|issuer/);
      assert.ok(
        (await recordOf(home)).findings.some((one) => one.state === 'open'),
        'it was not reported',
      );
      assert.equal((await home.world.issuer.credentials(NAME)).filter((one) => one.live).length, before);
      isDown = false;
      await home.world.clock.advanceBy(8 * HOUR);
      assert.deepEqual(
        (await recordOf(home)).findings.filter((one) => one.state === 'open').map((one) => one.detail),
        [],
      );
    });

    for (const skew of [-10 * MINUTE, 10 * MINUTE])
      test(`the issuer's clock ${skew < 0 ? 'behind' : 'ahead'} by ten minutes: a whole life`, async () => {
        const witness = new Witness();
        const world = worldOf(
          { ...subject, issuer: () => (clock) => subject.issuer({})(skewed(clock, skew)) },
          { wrap: witness.wrap },
        );
        await world.createAdminSecret([NAME]);
        const arn = await world.createToken(NAME, {
          value: await world.issuer.createByHand(NAME),
          tags: SHORT,
        });
        witness.watch(world, arn, NAME);
        world.startSchedules();
        await world.clock.advanceBy(12 * HOUR);
        assert.deepEqual(await witness.verdict(), []);
        assert.deepEqual(
          (await world.inventory.loadInstallationRecord()).installationRecord.findings.map(
            (one) => `${one.kind} ${one.state}`,
          ),
          ['clock-skew open'],
        );
        assert.ok(witness.revoked.length >= 2);
      });

    test('two secrets with one value: each gets its own, the shared one is revoked after both', async () => {
      // One user serves one secret there: the mint is refused with a finding (tables.test.ts).
      if (subject.id === 'npm-registry') return;
      const home = await adopted(subject, { tags: SHORT });
      const { world } = home;
      const admin = await shareResource(world, NAME, 'prod/copy');
      const shared = await credentialIn(world, world.peek(home.arn));
      const copy = await world.createToken('prod/copy', {
        value: world.peek(home.arn),
        tags: { ...SHORT, 'keyturn:admin': admin },
      });
      await complete(world);
      world.startSchedules();
      await world.clock.advanceBy(2 * HOUR);
      for (const arn of [home.arn, copy]) assert.ok((await credentialIn(world, world.peek(arn))).live);
      await world.clock.advanceBy(10 * HOUR);
      for (const arn of [home.arn, copy])
        assert.ok((await credentialIn(world, world.peek(arn))).live, 'AWSCURRENT is inactive');
      if (subject.id === 'gitlab')
        assert.ok(!(await credentialIn(world, JSON.stringify(shared))).live, 'nobody uses it any more');
    });

    test('rotation switched off: a step says so and does nothing', async () => {
      const home = await adopted(subject);
      const { world, arn } = home;
      await world.client.send(new CancelRotateSecretCommand({ SecretId: arn }));
      const before = [await currentVersion(home), (await world.issuer.credentials(NAME)).length];
      const requestToken = (await currentVersion(home)) ?? '';
      const failure = await world.run('rotate by-hand', MINUTE, (ports) =>
        rotate({ step: 'createSecret', secretArn: arn, requestToken }, world.provider, ports),
      );
      assert.match(
        failure ?? '',
        /^Rotation of prod\/app\/token is switched off: switch it on, then rotate again\.$/,
      );
      assert.deepEqual([await currentVersion(home), (await world.issuer.credentials(NAME)).length], before);
    });

    test('rotation switched off: the sweep does not switch it on again', async () => {
      const home = await adopted(subject, { tags: SHORT });
      await home.world.client.send(new CancelRotateSecretCommand({ SecretId: home.arn }));
      const before = await currentVersion(home);
      home.world.startSchedules();
      await home.world.clock.advanceBy(9 * HOUR);
      assert.equal(await currentVersion(home), before);
      assert.ok(
        (await recordOf(home)).findings.some(
          (one) => one.state === 'open' && /switched off/.test(one.detail),
        ),
      );
    });

    test('a value stored again with another note is still one credential, as old, and deferred', async () => {
      const home = await adopted(subject, { tags: SHORT });
      const { world } = home;
      const before = currentOf(await recordOf(home));
      const admin = await shareResource(world, NAME, 'prod/copy');
      const copy = await world.createToken('prod/copy', {
        value: world.peek(home.arn),
        tags: { ...SHORT, 'keyturn:admin': admin },
      });
      await complete(world);
      for (const note of ['one', 'two']) {
        await put(world, home.arn, JSON.stringify({ ...(JSON.parse(world.peek(home.arn)) as object), note }));
        await world.clock.advanceBy(10 * MINUTE);
      }
      const record = await recordOf(home);
      assert.equal(record.credentials.length, 1);
      assert.equal(currentOf(record)?.promotedAt, before?.promotedAt);
      await world.clock.advanceBy(45 * MINUTE);
      for (const one of record.credentials)
        await send(world, home.arn, { kind: 'retire', credentialId: one.id });
      if (subject.id !== 'npm-registry') {
        await rotateOnce({ ...home, arn: copy });
        const old = (await recordOf({ world, arn: copy })).credentials.find(
          (one) => one.state === 'previous',
        );
        await world.clock.advanceBy(HOUR);
        await send(world, copy, { kind: 'retire', credentialId: old?.id ?? '' });
      }
      assert.ok(
        (await credentialIn(world, world.peek(home.arn))).live,
        'the credential of the first was revoked for the second',
      );
    });

    test('an empty secret gets its first value', async () => {
      const world = worldOf(subject);
      await world.createAdminSecret([NAME]);
      const arn = await world.createToken(NAME, { tags: SHORT });
      world.startSchedules();
      await world.clock.advanceBy(2 * HOUR);
      const current = await credentialIn(world, await world.read(arn));
      assert.ok(current.live);
      assert.equal(currentOf(await recordOf({ world, arn }))?.handle, current.handle);
    });

    test('a plain text stays a plain text', async () => {
      const home = await adopted(subject, { plain: true });
      await rotateOnce(home);
      const text = home.world.peek(home.arn);
      assert.equal(text, (await credentialIn(home.world, text)).value);
      assert.notEqual(text, bare(JSON.stringify({ token: 'x', client_secret: 'x' })));
    });

    test('fields that a person keeps beside the credential stay', async () => {
      const home = await adopted(subject);
      await put(
        home.world,
        home.arn,
        JSON.stringify({
          ...(JSON.parse(home.world.peek(home.arn)) as object),
          note: 'ask the billing team',
          nested: { a: [1] },
        }),
      );
      await home.world.clock.advanceBy(MINUTE);
      await rotateOnce(home);
      const fields = JSON.parse(home.world.peek(home.arn)) as Record<string, unknown>;
      assert.deepEqual([fields['note'], fields['nested']], ['ask the billing team', { a: [1] }]);
    });
  });
}

describe('secrets that Keyturn must leave alone', () => {
  const secret: SecretDescription = {
    arn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:x-AbCdEf',
    name: 'x',
    tags: new Map(),
    rotationEnabled: true,
    versions: new Map(),
    replicas: [],
  };
  const ports: Pick<Ports, 'installation' | 'policyDefaults' | 'descriptor'> = {
    installation: { account: '1', region: 'r', name: 'main' },
    policyDefaults: {},
    descriptor: () => undefined,
  };
  const CASES: readonly [string, Partial<SecretDescription>, RegExp][] = [
    [
      'a replica',
      { primaryRegion: 'eu-west-1' },
      /^The secret x is a replica: rotate its primary in eu-west-1\.$/,
    ],
    [
      'a managed external secret',
      { externalType: 'SalesforceClientSecret' },
      /^The secret x is a managed external secret .*: Secrets Manager rotates it itself\.$/,
    ],
    [
      "another service's secret",
      { owningService: 'rds' },
      /^The secret x is managed by rds: rotate it there\.$/,
    ],
    [
      'a secret on its way out',
      { deletedAt: 1 },
      /^The secret x is scheduled for deletion: restore it before it can be rotated\.$/,
    ],
  ];
  for (const [name, fields, says] of CASES)
    test(name, () => {
      assert.throws(
        () => registered({ ...secret, ...fields }, ports),
        (error: unknown) =>
          error instanceof KeyturnError && error.code === 'not-rotatable' && says.test(error.message),
      );
    });
});

test('a tag for an expiry is refused where the issuer takes none; a default asks for none', () => {
  const [arn, name] = ['arn:aws:secretsmanager:eu-central-1:111122223333:secret:x-AbCdEf', 'x'];
  const tags = (provider: string, more: Record<string, string> = {}) =>
    new Map(
      Object.entries({
        'keyturn:installation': 'main',
        'keyturn:issuer': provider,
        'keyturn:owner': 'team',
        ...more,
      }),
    );
  const secret = { arn, name, rotationEnabled: true, versions: new Map<string, string[]>(), replicas: [] };
  const ports: Pick<Ports, 'installation' | 'policyDefaults' | 'descriptor'> = {
    installation: { account: '1', region: 'r', name: 'main' },
    policyDefaults: { all: { maxLifetime: 40 * DAY } },
    descriptor: (id) => DESCRIPTORS.find((one) => one.id === id),
  };
  const asking = { 'keyturn:max-lifetime': '40d' };
  assert.match(
    registered({ ...secret, tags: tags('okta', asking) }, ports).problems?.[0]?.detail ?? '',
    /ask what cannot be kept: maxLifetime 40d cannot be kept, since okta/,
  );
  for (const taken of [tags('gitlab', asking), tags('okta')])
    assert.equal(registered({ ...secret, tags: taken }, ports).policy.maxLifetime, 40 * DAY);
});

test('an admin secret is read as its provider says: a tag that says otherwise is refused', () => {
  const tags = new Map(
    Object.entries({
      'keyturn:installation': 'main',
      'keyturn:issuer': 'gitlab',
      'keyturn:owner': 'team',
      'keyturn:format': 'x{value}',
    }),
  );
  const secret = {
    arn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:keyturn/admin/gitlab-AbCdEf',
    name: 'keyturn/admin/gitlab',
    tags,
    rotationEnabled: true,
    versions: new Map<string, string[]>(),
    replicas: [],
  };
  const ports: Pick<Ports, 'installation' | 'policyDefaults' | 'descriptor'> = {
    installation: { account: '1', region: 'r', name: 'main' },
    policyDefaults: {},
    descriptor: (id) => DESCRIPTORS.find((one) => one.id === id),
  };
  assert.throws(() => registered(secret, ports), {
    code: 'tag-invalid',
    message: /^The admin secret keyturn\/admin\/gitlab has the tag keyturn:format: remove it/,
  });
});

function failing(
  subject: Subject,
  clock: VirtualClock,
  isDown: () => boolean,
): ReturnType<ReturnType<Subject['issuer']>> {
  const issuer = subject.issuer({})(clock);
  const answer = issuer.fetch.bind(issuer);
  issuer.fetch = async (request) => {
    if (isDown())
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
      });
    return answer(request);
  };
  return issuer;
}

/** The same clock as somebody sees it whose watch is wrong. */
function skewed(clock: VirtualClock, by: number): VirtualClock {
  return new Proxy(clock, {
    get(target, key) {
      if (key === 'now') return () => target.now() + by;
      const member: unknown = Reflect.get(target, key, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
