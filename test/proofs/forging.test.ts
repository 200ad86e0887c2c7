import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import type { Ports } from '../../functions/core/ports/ports.ts';
import { HOUR, MINUTE, SECOND } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import { rotate } from '../../functions/use-cases/replacement/index.ts';
import type { RotationEvent } from '../../functions/use-cases/rotation/index.ts';
import { World } from '../world/world.ts';
import { inTurn } from '../extent.ts';
import {
  CLIENT,
  CALM,
  NAME,
  SUBJECTS,
  bare,
  complete,
  consoleRotates,
  credentialIn,
  drive,
  put,
  recordOf,
  rotateOnce,
  send,
  tamper,
  type Home,
  type Subject,
} from './home.ts';

const VICTIM = NAME;
const MINE = 'mine/app/token';
const ATTACKER = 'https://attacker.example';

/**
 * A victim in grace beside the secret of somebody who may write their own secret's value and tags, and
 * nothing else.
 */
interface Street {
  readonly victim: Home;
  readonly mine: Home;
  readonly sent: Sent[];
  /** What must live whatever happens. */
  readonly active: readonly string[];
}

interface Sent {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly headers: string;
  readonly during: string;
}

async function street(subject: Subject): Promise<Street> {
  const sent: Sent[] = [];
  const world: World = new World({ ...CLIENT, issuer: listening(subject, sent) });
  await world.createAdminSecret([VICTIM, MINE]);
  const victimArn = await world.createToken(VICTIM, {
    value: await world.issuer.createByHand(VICTIM),
    tags: CALM,
  });
  const mineArn = await world.createToken(MINE, { value: await world.issuer.createByHand(MINE), tags: CALM });
  await complete(world);
  const victim = { world, arn: victimArn, subject };
  await rotateOnce(victim);
  const active = (await world.issuer.credentials(VICTIM)).filter((one) => one.live).map((one) => one.handle);
  assert.equal(active.length, 2, 'the victim is in grace');
  sent.length = 0;
  return { victim, mine: { world, arn: mineArn, subject }, sent, active };
}

/** Notes every request that leaves the product or a consumer. */
function listening(
  subject: Subject,
  sent: Sent[],
): Subject['issuer'] extends (delays: never) => infer R ? R : never {
  return (clock) => {
    const issuer = subject.issuer({})(clock);
    const answer = issuer.fetch.bind(issuer);
    issuer.fetch = async (request) => {
      const url = new URL(request.url);
      const headers = [...request.headers]
        .map(
          ([name, value]) =>
            `${name}: ` +
            (value.startsWith('Basic ') ? Buffer.from(value.slice(6), 'base64').toString() : value),
        )
        .join('\n');
      sent.push({
        host: url.host,
        method: request.method,
        path: url.pathname,
        body: await request.clone().text(),
        headers,
        during: '',
      });
      return url.host === issuer.host ? answer(request) : new Response('{}', { status: 200 });
    };
    return issuer;
  };
}

/** Lets the owner's forgery work for hours: rotations by hand and by schedule, inspections, retirements. */
async function provoke({ mine }: Street): Promise<void> {
  const { world, arn } = mine;
  await send(world, arn, { kind: 'inspect' });
  await send(world, arn, { kind: 'rotate' });
  await world.clock.advanceBy(5 * MINUTE);
  await consoleRotates(world, arn).catch(() => undefined);
  await world.clock.advanceBy(5 * MINUTE);
  for (const attempt of (await world.record(arn))?.attempts ?? [])
    await send(world, arn, { kind: 'settle', attemptId: attempt.id });
  await world.clock.advanceBy(20 * MINUTE);
  await send(world, arn, { kind: 'inspect' });
  for (let pass = 0; pass < 4; pass++) {
    for (const one of (await world.record(arn))?.credentials ?? [])
      await send(world, arn, { kind: 'retire', credentialId: one.id });
    await world.clock.advanceBy(20 * MINUTE);
  }
}

/** The resource of a secret's grant: no request with an admin credential may concern another's. */
function resourceOf(subject: Subject, handle: string): string {
  if (subject.id === 'gitlab') return /projects\/\d+/.exec(handle)?.[0] ?? '';
  if (subject.id === 'okta') return /apps\/\w+/.exec(handle)?.[0] ?? '';
  return /user\/([\w-]+)/.exec(handle)?.[1] ?? '';
}

async function nothingGained(made: Street): Promise<void> {
  const { victim, mine, sent, active } = made;
  const { world } = victim;
  const live = (await world.issuer.credentials(VICTIM)).filter((one) => one.live).map((one) => one.handle);
  assert.deepEqual(live, active, "the victim's credentials are as they were");
  for (const one of sent) assert.equal(one.host, world.issuer.host, `a request went to ${one.host}`);
  const theirs = resourceOf(victim.subject, active[0] ?? '');
  assert.notEqual(theirs, '');
  for (const one of sent)
    assert.ok(
      !`${one.path}/\n${one.headers}\n`.includes(
        victim.subject.id === 'npm-registry' ? `${theirs}:` : `${theirs}/`,
      ),
      `${one.method} ${one.path} reached the victim's resource`,
    );
  for (const name of [VICTIM, MINE])
    for (const one of await world.issuer.credentials(name))
      assert.ok(
        !world.errors.join('\n').includes(one.value) && !world.logged.join('\n').includes(one.value),
        'a value reached a log',
      );
  for (const error of world.errors)
    assert.match(error, /^[A-Z"].*\.\s*(KeyturnError.*|\w*Exception.*|undefined|.*)$/s);
  for (const one of sent.filter((request) => request.method === 'POST' && victim.subject.id === 'gitlab')) {
    const asked = JSON.parse(one.body) as { scopes: string[]; access_level: number };
    assert.deepEqual(
      [asked.scopes, asked.access_level],
      [['read_api', 'read_repository'], 30],
      'more scopes than granted',
    );
  }
  assert.ok(mine.arn);
}

function victimText({ victim }: Street): string {
  return victim.world.peek(victim.arn);
}

function fieldsOf(text: string): Record<string, unknown> {
  return text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
}

const VALUE_FIELD: Readonly<Record<string, string>> = {
  gitlab: 'token',
  'npm-registry': 'token',
  okta: 'client_secret',
};

/**
 * Each writes what an owner can write: the text of a version of their own secret, or their own secret's tags.
 */
const FORGERIES: readonly { name: string; forge: (made: Street) => Promise<void> }[] = [
  {
    name: "the victim's whole secret copied, stamp and seal with it",
    forge: async (made) => void (await put(made.mine.world, made.mine.arn, victimText(made))),
  },
  {
    name: "the victim's stamp beside one's own value",
    async forge(made) {
      const own = fieldsOf(made.mine.world.peek(made.mine.arn));
      await put(
        made.mine.world,
        made.mine.arn,
        JSON.stringify({ ...own, _keyturn: fieldsOf(victimText(made))['_keyturn'] }),
      );
    },
  },
  {
    name: "a stamp made up with the victim's handles",
    async forge(made) {
      const own = fieldsOf(made.mine.world.peek(made.mine.arn));
      for (const handle of made.active)
        await put(
          made.mine.world,
          made.mine.arn,
          JSON.stringify({ ...own, _keyturn: { handle, mintedAt: 1, seal: 'a'.repeat(64) } }),
        );
    },
  },
  {
    name: 'hosts, resources, scopes and users in the JSON',
    async forge(made) {
      const own = fieldsOf(made.mine.world.peek(made.mine.arn));
      const wishes = {
        url: ATTACKER,
        host: ATTACKER,
        resource: 'projects/101',
        app: '0oavictim',
        user: 'root',
        scopes: ['api'],
        accessLevel: 50,
        access_level: 50,
        tokenEndpoint: '/x',
        installation: 'main',
        admin: 'keyturn/admin/x',
      };
      await put(made.mine.world, made.mine.arn, JSON.stringify({ ...own, ...wishes }));
    },
  },
  {
    name: "the victim's bare value",
    forge: async (made) => void (await put(made.mine.world, made.mine.arn, bare(victimText(made)))),
  },
  {
    name: 'an admin secret of another provider in the tag',
    forge: (made) => made.mine.world.tag(made.mine.arn, { 'keyturn:admin': 'keyturn/admin/other' }),
  },
  {
    name: "the victim's own secret as the admin secret",
    forge: (made) => made.mine.world.tag(made.mine.arn, { 'keyturn:admin': VICTIM }),
  },
  {
    name: "an admin secret of one's own making in the tag",
    forge: (made) =>
      made.mine.world.tag(made.mine.arn, {
        'keyturn:admin': `keyturn/admin/${made.mine.world.provider}/../../${MINE}`,
      }),
  },
  {
    name: 'another provider in the tag',
    forge: (made) =>
      made.mine.world.tag(made.mine.arn, {
        'keyturn:issuer': made.mine.subject.id === 'okta' ? 'gitlab' : 'okta',
      }),
  },
  {
    name: 'another installation in the tag',
    forge: (made) => made.mine.world.tag(made.mine.arn, { 'keyturn:installation': 'second' }),
  },
  {
    name: 'no grace in the tags',
    forge: (made) =>
      made.mine.world.tag(made.mine.arn, {
        'keyturn:min-grace': '0s',
        'keyturn:cache-ttl': '0s',
        'keyturn:unused-for': '0s',
        'keyturn:evidence': 'time',
        'keyturn:on-max-grace': 'revoke',
      }),
  },
  {
    name: "a pending version with the victim's value",
    async forge(made) {
      await made.mine.world.client.send(
        new PutSecretValueCommand({
          SecretId: made.mine.arn,
          SecretString: victimText(made),
          VersionStages: ['AWSPENDING'],
        }),
      );
    },
  },
  {
    name: "a pin on a version with the victim's value",
    async forge(made) {
      await made.mine.world.client.send(
        new PutSecretValueCommand({
          SecretId: made.mine.arn,
          SecretString: victimText(made),
          VersionStages: ['keyturn-pin-x'],
        }),
      );
    },
  },
];

for (const subject of inTurn(SUBJECTS, import.meta.filename)) {
  describe(`a token's owner forges, ${subject.id}`, () => {
    for (const forgery of FORGERIES)
      test(`${forgery.name}: obtains nothing`, async () => {
        const made = await street(subject);
        await forgery.forge(made);
        await made.mine.world.clock.advanceBy(MINUTE);
        await provoke(made);
        await nothingGained(made);
      });

    test("a value put into the pending version before Keyturn's own is given up, not promoted", async () => {
      const made = await street(subject);
      const { world, arn } = made.mine;
      const before = await world.read(arn);
      await send(world, arn, { kind: 'rotate' });
      const attempt = (await recordOf(made.mine)).attempts.at(-1);
      await put(world, arn, before).catch(() => undefined);
      await world.client
        .send(
          new PutSecretValueCommand({
            SecretId: arn,
            SecretString: victimText(made),
            ClientRequestToken: attempt?.id ?? '',
            VersionStages: ['AWSPENDING'],
          }),
        )
        .catch(() => undefined);
      await world.clock.advanceBy(30 * MINUTE);
      await provoke(made);
      assert.ok(
        !(await world.read(arn)).includes(bare(victimText(made))),
        "the victim's value became current",
      );
      await nothingGained(made);
    });

    test('events not sent by Secrets Manager: each credential made or installed is on record', async () => {
      for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const) {
        const made = await street(subject);
        const { world, arn } = made.mine;
        const field = VALUE_FIELD[subject.id] ?? '';
        const forged = JSON.stringify({
          ...fieldsOf(world.peek(arn)),
          [field]: 'a-value-of-the-attackers-own-choice-0123456789',
        });
        const version = await world.client.send(
          new PutSecretValueCommand({ SecretId: arn, SecretString: forged, VersionStages: ['AWSPENDING'] }),
        );
        await invoke(world, { step, secretArn: arn, requestToken: version.VersionId ?? '' });
        await invoke(world, { step, secretArn: made.victim.arn, requestToken: version.VersionId ?? '' });
        const record = await recordOf(made.mine);
        const known = new Set(record.credentials.map((one) => one.handle));
        for (const attempt of record.attempts) for (const mint of attempt.mints) known.add(mint.handle);
        for (const one of (await world.issuer.credentials(MINE)).filter((other) => other.live))
          assert.ok(known.has(one.handle), `${step} made ${one.handle}, which is on no record`);
        assert.ok(
          !(await world.issuer.credentials(MINE)).some((one) =>
            one.value.startsWith('a-value-of-the-attackers'),
          ),
          `${step} installed the attacker's value`,
        );
        assert.ok(!world.peek(arn).includes('a-value-of-the-attackers'), `${step} promoted it`);
        await nothingGained(made);
      }
    });

    test(
      'events that Secrets Manager never sent, for the secret of somebody else in the middle of a ' +
        'rotation',
      async () => {
        const made = await street(subject);
        const { world, arn } = made.mine;
        await send(world, arn, { kind: 'inspect' });
        await send(world, arn, { kind: 'rotate' });
        await world.clock.advanceBy(5 * SECOND);
        const attempt = (await recordOf(made.mine)).attempts.at(-1);
        for (const step of ['createSecret', 'setSecret', 'testSecret'] as const)
          void world.clock.activity(() =>
            running(world, { step, secretArn: arn, requestToken: attempt?.id ?? '' }),
          );
        await world.clock.advanceBy(20 * MINUTE);
        const current = await credentialIn(world, await world.read(arn), MINE);
        assert.ok(current.live);
        assert.equal(
          (await world.issuer.credentials(MINE)).filter((one) => one.live).length,
          2,
          'one old, one new',
        );
      },
    );

    test('commands made up: whatever they name, nothing is revoked that is not due', async () => {
      const made = await street(subject);
      const { victim, mine } = made;
      const record = await recordOf(victim);
      const ids = [
        ...record.credentials.map((one) => one.id),
        ...record.attempts.map((one) => one.id),
        'lost:x',
        ...made.active,
        ...made.active.map((one) => `lost:${one}`),
      ];
      for (const id of ids) {
        await send(victim.world, victim.arn, { kind: 'retire', credentialId: id });
        await send(victim.world, victim.arn, { kind: 'settle', attemptId: id });
        await send(mine.world, mine.arn, { kind: 'retire', credentialId: id });
        await send(mine.world, mine.arn, { kind: 'settle', attemptId: id });
        await send(mine.world, mine.arn, { kind: 'revoke', credentialId: id });
      }
      const head = { notAfter: victim.world.clock.now() + HOUR };
      await drive(victim.world, () =>
        victim.world.command({
          ...head,
          kind: 'inspect',
          tokenId: tokenIdOf(victim.arn),
          secretArn: mine.arn,
        }),
      );
      await drive(victim.world, () =>
        victim.world.command({
          ...head,
          kind: 'inspect',
          tokenId: tokenIdOf(mine.arn),
          secretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:nobody-AbCdEf',
        }),
      );
      assert.deepEqual(
        (await recordOf(victim)).credentials.map((one) => [one.id, one.state]),
        record.credentials.map((one) => [one.id, one.state]),
      );
      await nothingGained(made);
    });

    test("the victim's handle, got into one's own record by whatever way, passes no guard", async () => {
      const made = await street(subject);
      const handle = currentOf(await recordOf(made.victim))?.handle;
      await tamper(made.mine, (token) => ({
        ...token,
        credentials: [
          ...token.credentials,
          { id: 'lost:x', handle, origin: 'minted', state: 'revoking', withoutGrace: true },
        ],
      }));
      await send(made.mine.world, made.mine.arn, { kind: 'retire', credentialId: 'lost:x' });
      await nothingGained(made);
    });
  });
}

async function invoke(world: World, event: RotationEvent): Promise<void> {
  await drive(world, () => running(world, event));
}

function running(world: World, event: RotationEvent): Promise<string | undefined> {
  return world.run('rotate forged', 10 * MINUTE, (ports: Ports) => rotate(event, world.provider, ports));
}
