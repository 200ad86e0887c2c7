import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ports } from '../../functions/core/ports/ports.ts';
import type { Finding } from '../../functions/core/findings/findings.ts';
import type { Secret } from '../../functions/core/basics/secret.ts';
import type { Token } from '../../functions/core/token/token.ts';
import type { Move, Setup } from './moves.ts';
import { play } from './play.ts';
import { SETUP } from './setup.ts';
import type { Wrap } from './fleet.ts';

const DAYS = (days: number): Move => ({ kind: 'wait', minutes: days * 24 * 60 });
const CALM: Move = {
  kind: 'policy',
  secret: 0,
  tags: { 'keyturn:rotate-every': '30d', 'keyturn:max-age': '60d' },
};

/** Everything as it is, but some calls of a port answered otherwise. */
function overridden<P extends object>(port: P, instead: Partial<P>): P {
  return new Proxy(port, {
    get: (target, key) => Reflect.get(key in instead ? instead : target, key) as unknown,
  });
}

/** Every record is changed before it is saved. */
function saving(change: (token: Token) => Token): Wrap {
  return (ports: Ports) => ({
    ...ports,
    inventory: overridden(ports.inventory, {
      save: (token, revision) => ports.inventory.save(change(token), revision),
    }),
  });
}

async function named(setup: Setup, moves: readonly Move[], wrap?: Wrap): Promise<string[]> {
  const { violations } = await play({ setup, moves }, wrap);
  return [...new Set(violations.map((one) => one.split(':')[0] ?? ''))];
}

/** By time alone: else the use by whoever has the copy holds it up. */
const SHARED: readonly Move[] = [
  { kind: 'policy', secret: 0, tags: { 'keyturn:evidence': 'time' } },
  { kind: 'wait', minutes: 20 },
  { kind: 'copy', secret: 0, how: 'without-grant' },
  DAYS(1),
];
/** A guard that asks no other token whether it needs a credential. */
const alone: Wrap = (ports) => ({
  ...ports,
  inventory: overridden(ports.inventory, { holders: async () => [], traced: async () => [] }),
});

test('a guard that ignores other holders is found out: it ends what another secret needs', async () => {
  assert.deepEqual(await named(SETUP, SHARED, alone), ['ended-in-use']);
});

test('the guard as it is ends nothing that a copy of the value needs', async () => {
  assert.deepEqual(await named(SETUP, SHARED), []);
});

test('a leak that is forgotten is found out: what is out lives in silence', async () => {
  const forgetting = saving((token) => ({ ...token, incidents: [], findings: [], noted: [], outbox: [] }));
  assert.deepEqual(
    await named(
      SETUP,
      [
        CALM,
        { kind: 'wait', minutes: 70 },
        { kind: 'ask', secret: 0, what: 'leaked' },
        { kind: 'wait', minutes: 120 },
      ],
      forgetting,
    ),
    ['exposed-in-silence'],
  );
});

test('a revocation without verification is found out: ended on record, and active', async () => {
  const believing = saving((token) => ({
    ...token,
    credentials: token.credentials.map((one) =>
      one.state === 'revoking' && one.revokedAt === undefined
        ? { ...one, state: 'ended', endedAt: one.revocationBegunAt ?? 0 }
        : one,
    ),
  }));
  const found = await named(SETUP, [{ kind: 'wait', minutes: 20 }, DAYS(1)], believing);
  assert.ok(found.includes('ended-but-active'), found.join());
});

const INVENTED: Finding = {
  kind: 'token-inactive',
  subject: '',
  severity: 'critical',
  state: 'open',
  detail: 'invented',
  openedAt: 0,
  seenAt: 0,
  sequence: 1,
};

test('a finding without a cause is found out', async () => {
  const inventing = saving((token) => ({ ...token, findings: [INVENTED] }));
  assert.deepEqual(await named(SETUP, [CALM, DAYS(2)], inventing), ['no-cause']);
});

test('a missing finding is found out: AWSCURRENT names a revoked value, and no alert says so', async () => {
  const silent = saving((token) => ({ ...token, findings: [] }));
  assert.deepEqual(
    await named(
      SETUP,
      [CALM, { kind: 'wait', minutes: 70 }, { kind: 'revoke-by-hand', secret: 0, which: 'current' }, DAYS(3)],
      silent,
    ),
    ['untold'],
  );
});

test('an end that never comes is found out: it is unfinished, and no finding says so', async () => {
  const deaf: Wrap = (ports) => {
    const commands = overridden(ports.commands, {
      send: (provider, wanted, delay) =>
        ports.commands.send(
          provider,
          wanted.filter((one) => one.kind !== 'retire'),
          delay,
        ),
    });
    return { ...saving((token) => ({ ...token, findings: [] }))(ports, undefined as never), commands };
  };
  const moves: Move[] = [
    { kind: 'policy', secret: 0, tags: { 'keyturn:max-grace': '12h', 'keyturn:evidence': 'time' } },
    { kind: 'wait', minutes: 300 },
    CALM,
  ];
  const found = await named(SETUP, moves, deaf);
  assert.ok(
    found.some((one) => one === 'untold' || one === 'unfinished'),
    found.join(),
  );
});

function noting(ports: Ports, text: Secret | undefined): Secret | undefined {
  ports.log.info(text?.reveal() ?? '');
  return text;
}

test('a value in a log is found out', async () => {
  const reading: Wrap = (ports) => ({
    ...ports,
    secrets: overridden(ports.secrets, {
      read: async (arn, versionId) => noting(ports, await ports.secrets.read(arn, versionId)),
    }),
  });
  assert.deepEqual(await named(SETUP, [CALM, { kind: 'wait', minutes: 70 }], reading), ['leak']);
});
