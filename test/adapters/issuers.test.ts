import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { issuers } from '../../functions/adapters/issuers.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { descriptor } from '../../functions/providers/gitlab/descriptor.ts';
import { HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import type { Provider, Reach, Session } from '../../functions/core/issuer/provider.ts';
import { sameReach } from '../../functions/core/issuer/reach.ts';

const REACH: Reach = { host: 'gitlab.example.com', basePath: '', account: '1' };
const PREFIX = 'keyturn/admin/gitlab';

function world(): { read: string[]; opened: unknown[]; subject: ReturnType<typeof issuers> } {
  const read: string[] = [];
  const opened: unknown[] = [];
  const unused = (): Promise<never> => Promise.reject(new Error('not asked for'));
  const session: Session = {
    kind: 'minting',
    account: 'gitlab.example.com/1',
    reach: REACH,
    probe: unused,
    revoke: unused,
    list: unused,
    identify: unused,
    mint: unused,
  };
  const provider: Provider = {
    descriptor,
    open: (admin, secretName) => {
      opened.push([admin.reveal(), secretName]);
      return session;
    },
    openAt: (admin, secretName, reach) => {
      opened.push([admin.reveal(), secretName, reach]);
      return sameReach(reach, REACH) ? session : undefined;
    },
    openBeside: (admin, secretName, beside) => {
      opened.push([admin.reveal(), secretName, beside]);
      return beside['client_id'] === 'mine' ? session : undefined;
    },
    reaches: () => [REACH],
    examine: async (admin) => {
      opened.push([admin.reveal(), 'itself']);
      return { outcome: 'active' };
    },
    adminValues: (admin) => [admin],
  };
  const readAdmin = async (name: string, label?: string): Promise<Secret> => {
    read.push(label === 'AWSPREVIOUS' ? `${name} before` : name);
    return new Secret(`admin of ${name}`);
  };
  const tools = { fetch, now: () => 0, sleep: async () => undefined, uuid: () => crypto.randomUUID() };
  return {
    read,
    opened,
    subject: issuers({
      providers: [provider],
      secrets: { readAdmin },
      adminPrefix: PREFIX,
      tools,
      guard: async () => undefined,
    }),
  };
}

describe('issuers', () => {
  for (const [admin, name] of [
    [undefined, PREFIX],
    [PREFIX, PREFIX],
    [`${PREFIX}/billing`, `${PREFIX}/billing`],
  ] as const) {
    it(`opens with the admin secret ${name} for the tag ${admin ?? '(none)'}`, async () => {
      const { read, opened, subject } = world();
      await subject.open({ provider: 'gitlab', name: 'prod/ci', admin });
      assert.deepEqual(read, [name]);
      assert.deepEqual(opened, [[`admin of ${name}`, 'prod/ci']]);
    });
  }

  it('examines an admin secret of its provider, and no other', async () => {
    const { read, opened, subject } = world();
    assert.deepEqual(await subject.examine('gitlab', `${PREFIX}/billing`), { outcome: 'active' });
    assert.deepEqual(opened, [[`admin of ${PREFIX}/billing`, 'itself']]);
    for (const name of ['prod/other', `${PREFIX}-2`, 'keyturn/admin/okta'])
      await assert.rejects(subject.examine('gitlab', name), { code: 'bad-request' });
    assert.deepEqual(read, [`${PREFIX}/billing`]);
  });

  it(
    'shows the credentials in an admin secret of its provider, also of the version before, and in no ' +
      'other',
    async () => {
      const { read, subject } = world();
      const values = await subject.adminValues('gitlab', PREFIX, 'AWSPREVIOUS');
      assert.deepEqual(
        [values.map((value) => value.reveal()), read],
        [[`admin of ${PREFIX}`], [`${PREFIX} before`]],
      );
      for (const name of ['prod/other', 'keyturn/admin/okta'])
        await assert.rejects(subject.adminValues('gitlab', name, 'AWSCURRENT'), { code: 'bad-request' });
    },
  );

  for (const admin of [
    '',
    'prod/other',
    'keyturn/admin',
    'keyturn/admin/okta',
    `${PREFIX}-2`,
    'arn:aws:secretsmanager:eu-west-1:1:secret:prod/other-AbCdEf',
  ]) {
    it(`never reads "${admin}" as an admin secret`, async () => {
      const { read, subject } = world();
      await assert.rejects(subject.open({ provider: 'gitlab', name: 'prod/ci', admin }), {
        code: 'tag-invalid',
        message: /prod\/ci.*keyturn\/admin\/gitlab/,
      });
      assert.deepEqual(read, []);
    });
  }

  it('serves no other provider', async () => {
    const { read, subject } = world();
    await assert.rejects(subject.open({ provider: 'okta', name: 'prod/ci' }), { code: 'provider-unknown' });
    assert.throws(() => subject.provider('okta'), { code: 'provider-unknown' });
    assert.deepEqual(read, []);
  });

  it('opens at a recorded place with the same admin secret, if the provider allows the place', async () => {
    const { read, opened, subject } = world();
    const token = { provider: 'gitlab', name: 'prod/ci', admin: `${PREFIX}/billing` };
    assert.equal((await subject.openAt(token, REACH))?.account, 'gitlab.example.com/1');
    const elsewhere = { ...REACH, basePath: '/gitlab' };
    assert.equal(await subject.openAt(token, elsewhere), undefined);
    assert.equal((await subject.openBeside(token, { client_id: 'mine' }))?.account, 'gitlab.example.com/1');
    assert.equal(await subject.openBeside(token, { client_id: 'theirs' }), undefined);
    await assert.rejects(subject.openBeside({ ...token, admin: 'prod/other' }, {}), {
      code: 'tag-invalid',
    });
    assert.deepEqual(
      read,
      Array.from({ length: 4 }, () => token.admin),
    );
    assert.deepEqual(opened.at(-1), [`admin of ${token.admin}`, 'prod/ci', { client_id: 'theirs' }]);
    assert.deepEqual(opened.at(-3), [`admin of ${token.admin}`, 'prod/ci', elsewhere]);
    await assert.rejects(subject.openAt({ ...token, admin: 'prod/other' }, REACH), { code: 'tag-invalid' });
  });
});

describe('the clocks of issuers', () => {
  /**
   * A provider that sends one request each time its admin credential is examined, and what answers by the
   * host that is asked.
   */
  function asking(ahead: Readonly<Record<string, number>>): {
    examine: (host: string) => Promise<unknown>;
    subject: ReturnType<typeof issuers>;
    time: { now: number };
  } {
    const time = { now: HOUR };
    const provider: Provider = {
      descriptor,
      open: () => assert.fail(),
      openAt: () => undefined,
      openBeside: () => undefined,
      reaches: () => [],
      adminValues: () => [],
      examine: async (admin, tools) => {
        await tools.fetch(new Request(`https://${admin.reveal()}/`));
        return { outcome: 'active' };
      },
    };
    const tools = {
      fetch: async (request: Request) =>
        new Response(null, {
          headers: { date: new Date(time.now + (ahead[new URL(request.url).host] ?? 0)).toUTCString() },
        }),
      now: () => time.now,
      sleep: async () => undefined,
      uuid: () => crypto.randomUUID(),
    };
    const subject = issuers({
      providers: [provider],
      secrets: { readAdmin: async (name) => new Secret(name.slice(PREFIX.length + 1)) },
      adminPrefix: PREFIX,
      tools,
      guard: async () => undefined,
    });
    return { time, subject, examine: (host) => subject.examine('gitlab', `${PREFIX}/${host}`) };
  }

  it('are known by the answers of each host, since the moment that is asked about', async () => {
    const { examine, subject, time } = asking({ 'a.test': 10 * MINUTE, 'b.test': 0 });
    await examine('a.test');
    await examine('b.test');
    const [a, b] = ['a.test', 'b.test'].map((host) => subject.clockOf(host, HOUR));
    assert.deepEqual(
      [a?.host, Math.round((a?.most ?? 0) / MINUTE), b?.host, Math.round((b?.most ?? 0) / MINUTE)],
      ['a.test', 10, 'b.test', 0],
    );
    time.now += 1;
    assert.equal(subject.clockOf('a.test', time.now), undefined);
    assert.equal(subject.clockOf('c.test', 0), undefined);
  });

  it('are as far off as the answer that was furthest off', async () => {
    const ahead = { 'a.test': -10 * MINUTE };
    const { examine, subject } = asking(ahead);
    await examine('a.test');
    ahead['a.test'] = 0;
    await examine('a.test');
    assert.equal(Math.round((subject.clockOf('a.test', HOUR)?.least ?? 0) / MINUTE), -10);
  });
});
