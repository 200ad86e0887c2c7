import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import {
  NEW_INSTALLATION_RECORD,
  type InstallationRecord,
} from '../../../functions/core/inventory/installation.ts';
import { DAY, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';
import { bench, type Bench } from '../harness.ts';
import { healthy, open } from '../tokens.ts';
import type { DoctorJson } from '../../../lib/cli/json/operations.ts';

/** An installation in which nothing is wrong. */
async function well(own: Partial<InstallationRecord> = {}): Promise<Bench> {
  const it = bench();
  await it.put(healthy('prod/x'));
  await it.inventory.saveInstallationRecord(
    {
      ...NEW_INSTALLATION_RECORD,
      canary: { id: 'c', sentAt: T0 - HOUR, tries: 1, arrivedAt: T0 - HOUR },
      trail: { seenAt: T0 - MINUTE },
      ...own,
    },
    0,
  );
  await it.inventory.beginRebuild(T0 - DAY);
  await it.inventory.completeRebuild();
  await it.inventory.notePass({ index: 1, startedAt: T0 - 20 * MINUTE });
  return it;
}

async function wrong(it: Bench): Promise<string[]> {
  const { checks }: DoctorJson = JSON.parse((await it.keyturn('doctor', '--json')).out);
  return checks.filter(({ state }) => state !== 'ok').map(({ name, state }) => `${name}: ${state}`);
}

const DENIED = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
const LIST = (): Promise<never> =>
  Promise.reject(
    new KeyturnError('aws-failed', 'AWS did not do sqs:ListQueues.', {
      cause: Object.assign(new Error('sqs:ListQueues: no'), { name: DENIED.name }),
    }),
  );

describe('keyturn doctor', () => {
  it('says ok, one line a check, where nothing is wrong', async () => {
    const { exit, out } = await (await well()).keyturn('doctor', '--exit-code');
    assert.equal(exit, 0, out);
    const lines = out.trimEnd().split('\n');
    assert.equal(lines.length, 8);
    for (const line of lines) assert.match(line, /^ok {7}\S/);
  });

  const CASES: readonly [what: string, make: () => Promise<Bench>, found: string[]][] = [
    [
      'no subscription is confirmed',
      async () => Object.assign(await well(), { topics: { ...bench().topics, list: async () => [] } }),
      ['alert subscriptions: problem'],
    ],
    [
      'a subscription waits',
      async () =>
        Object.assign(await well(), {
          topics: {
            ...bench().topics,
            list: async () => [
              ...(await bench().topics.list()),
              {
                topic: 't',
                protocol: 'email',
                endpoint: 'b@example.com',
                state: 'waiting',
                isAuthenticated: false,
              },
            ],
          },
        }),
      ['alert subscriptions: problem'],
    ],
    [
      'canaries do not arrive',
      () => well({ findings: [open({ kind: 'alert-subscription-unhealthy', subject: 'canary' })] }),
      ['alert delivery: problem'],
    ],
    ['no canary has arrived yet', () => well({ canary: undefined }), ['alert delivery: unknown']],
    [
      'an admin credential is rejected',
      () => well({ findings: [open({ kind: 'admin-credential-unusable' })] }),
      ['admin credentials: problem'],
    ],
    [
      'a token tells of its admin credential',
      async () => {
        const it = await well();
        await it.put(healthy('prod/y', { findings: [open({ kind: 'issuing-credential-leaked' })] }));
        return it;
      },
      ['admin credentials: problem'],
    ],
    [
      'a dead-letter queue holds messages',
      async () =>
        Object.assign(await well(), {
          dlq: [{ name: 'keyturn-main-alert-dlq', arn: 'a', messages: 2, backTo: 'b' }],
        }),
      ['dead-letter queues: problem'],
    ],
    [
      'reconcile is not started',
      async () => {
        const it = await well();
        await it.inventory.notePass({ index: 1, startedAt: T0 - 9 * HOUR });
        return it;
      },
      ['reconcile schedule: problem'],
    ],
    [
      'the sweep is not started',
      async () => {
        const it = await well();
        await it.put(healthy('prod/y', { dueAt: T0 - 9 * HOUR }));
        return it;
      },
      ['sweep schedule: problem'],
    ],
    [
      'the trail shows nothing',
      () => well({ findings: [open({ kind: 'cloudtrail-events-missing' })] }),
      ['CloudTrail: problem'],
    ],
    ['the trail has shown nothing yet', () => well({ trail: {} }), ['CloudTrail: unknown']],
    ['no trail is watched', () => well({ trail: undefined }), ['CloudTrail: off']],
  ];
  for (const [what, make, found] of CASES)
    it(`says what to do where ${what}`, async () => {
      const it = await make();
      assert.deepEqual(await wrong(it), found);
      const { exit, out } = await it.keyturn('doctor', '--exit-code');
      assert.equal(exit, found[0]?.endsWith('off') ? 0 : 5, out);
      assert.equal(
        (await it.keyturn('doctor')).exit,
        0,
        'without --exit-code the checks themselves are the answer',
      );
    });

  it('takes a check that the caller may not make for unknown, and makes the others', async () => {
    const it = await well();
    it.topics = { ...it.topics, list: LIST };
    assert.deepEqual(await wrong(it), ['alert subscriptions: unknown']);
    const { exit, out } = await it.keyturn('doctor', '--exit-code');
    assert.equal(exit, 5);
    assert.match(out, /^unknown {2}alert subscriptions {2}You may not do sqs:ListQueues/m);
  });

  it('fits in 100 columns', async () => {
    const { out } = await (
      await well({ findings: [open({ kind: 'admin-credential-unusable', detail: 'x '.repeat(120) })] })
    ).keyturn('doctor');
    assert.ok(out.split('\n').every((line) => line.length <= 100));
  });
});
