import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import type { LifecycleFact } from '../../functions/core/findings/events.ts';
import type { FactBus } from '../../functions/core/ports/fact-bus.ts';
import { once, parseEnv } from '../../functions/handlers/cold-start.ts';
import { countingBus, measureOf } from '../../functions/handlers/counting-bus.ts';
import { commandingPorts } from '../../functions/handlers/ports.ts';
import { guardedFetch } from '../../functions/handlers/guarded-fetch.ts';
import { reported } from '../../functions/handlers/report.ts';
import { SweepEnv } from '../../functions/handlers/sweep.env.ts';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { registered } from '../../functions/use-cases/inventory/registration.ts';
import { recordingLog } from '../fakes/recorders.ts';
import { aFinding, aLifecycleFact } from '../fakes/tokens.ts';

const ENV = {
  KEYTURN_INSTALLATION: 'main',
  KEYTURN_ACCOUNT: '111122223333',
  AWS_REGION: 'eu-west-1',
  TABLE_NAME: 'table',
  BUS_NAME: 'bus',
  POLICY_DEFAULTS: '{}',
  WORKER_QUEUES: 'https://sqs.example/* gitlab',
  DELIVERY_QUEUE: 'https://sqs.example/deliver',
  DELIVERY_KINDS: 'ecs,github',
  ROTATIONS_AT_ONCE: '3',
  ISSUER_LIMITS: 'gitlab=20/120',
};

describe('the environment', () => {
  it('is read by its schema', () => {
    assert.deepEqual(parseEnv(SweepEnv, ENV), {
      ...ENV,
      WORKER_QUEUES: { gitlab: 'https://sqs.example/gitlab' },
      ROTATIONS_AT_ONCE: 3,
      ISSUER_LIMITS: { gitlab: { maxConcurrentRotations: 20, inspectionsPerMinute: 120 } },
      DELIVERY_KINDS: ['ecs', 'github'],
      POLICY_DEFAULTS: {},
    });
  });

  it('names the variable that is missing or wrong, in one sentence without its value', () => {
    const { TABLE_NAME: _, ...incomplete } = ENV;
    assert.throws(() => parseEnv(SweepEnv, incomplete), {
      message:
        'The environment variable TABLE_NAME is missing: deploy Keyturn again, or correct the setting ' +
        'it comes from.',
    });
    for (const key of [
      'KEYTURN_ACCOUNT',
      'WORKER_QUEUES',
      'DELIVERY_KINDS',
      'ISSUER_LIMITS',
      'ROTATIONS_AT_ONCE',
    ])
      assert.throws(
        () => parseEnv(SweepEnv, { ...ENV, [key]: 'canary' }),
        (error) =>
          error instanceof Error &&
          error.message.startsWith(`The environment variable ${key} is wrong:`) &&
          !error.message.includes('canary'),
      );
  });

  it('is read once, and again only after a failure', () => {
    let runs = 0;
    const setUp = once(() => {
      if (++runs === 1) throw new Error('not yet');
      return z.string().optional().parse(undefined);
    });
    assert.throws(setUp, /not yet/);
    setUp();
    setUp();
    assert.equal(runs, 2);
  });
});

describe('a failure', () => {
  it('of ours is logged with its advice and passed on as it is', async () => {
    const log = recordingLog();
    const failure = new KeyturnError('aws-failed', 'AWS did not do x: Y.', {
      cause: new Error('x: Y (status 400, request r)'),
    });
    await assert.rejects(
      reported(log, () => Promise.reject(failure)),
      failure,
    );
    assert.match(
      log.lines.join(),
      /"message":"AWS did not do x: Y\.","code":"aws-failed","retry":true,"advice":"Check.*","cause":"x: Y \(status 400, request r\)"/,
    );
  });

  it('of anything else loses its words', async () => {
    const log = recordingLog();
    const run = (): Promise<never> =>
      Promise.reject(new TypeError('first canary\nsecond canary', { cause: 'canary' }));
    await assert.rejects(reported(log, run), (error) => {
      assert.ok(error instanceof Error);
      assert.equal(error.message, 'Keyturn failed unexpectedly (TypeError).');
      assert.match(error.stack ?? '', /wiring\.test\.ts/);
      assert.doesNotMatch(`${error.stack} ${String(error.cause)} ${log.lines.join()}`, /canary/);
      return true;
    });
  });
});

describe('the ports of functions that give commands', () => {
  const ports = commandingPorts(parseEnv(SweepEnv, ENV));

  it('know the providers that were deployed, and no other that the code has', () => {
    assert.equal(ports.descriptor('gitlab')?.id, 'gitlab');
    assert.ok(DESCRIPTORS.some(({ id }) => id === 'okta'));
    for (const id of ['okta', 'nobody', 'constructor']) assert.equal(ports.descriptor(id), undefined);
  });

  it('let a secret tagged for a provider that was not deployed be refused with its sentence', () => {
    const secret = {
      arn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/x-AbC123',
      name: 'prod/x',
      tags: new Map([
        ['keyturn:installation', 'main'],
        ['keyturn:issuer', 'okta'],
        ['keyturn:owner', 'team'],
      ]),
      rotationEnabled: true,
      versions: new Map<string, string[]>(),
      replicas: [],
    };
    assert.throws(() => registered(secret, ports), {
      code: 'provider-unknown',
      message:
        'The tag keyturn:issuer of the secret prod/x says "okta", which is no issuer of this installation.',
    });
    assert.equal(
      registered({ ...secret, tags: new Map([...secret.tags, ['keyturn:issuer', 'gitlab']]) }, ports)
        .provider,
      'gitlab',
    );
  });
});

describe('the guarded fetch', () => {
  const sent: string[] = [];
  const send = async (request: Request): Promise<Response> => {
    sent.push(request.url);
    return new Response();
  };

  it('reaches the hosts of the list only', async () => {
    const fetch = guardedFetch(['gitlab.example.com'], send);
    await fetch(new Request('https://gitlab.example.com/api'));
    for (const url of [
      'https://evil.example/',
      'https://gitlab.example.com.evil.example/',
      'https://gitlab.example.com:8443/',
    ])
      await assert.rejects(fetch(new Request(url)), { code: 'admin-invalid' });
    assert.deepEqual(sent, ['https://gitlab.example.com/api']);
  });
});

describe('the counting bus', () => {
  it('counts what was published, by provider', async () => {
    const counted: string[] = [];
    const bus = countingBus(
      { publish: async () => undefined },
      (metric, provider) => void counted.push(`${metric} ${provider}`),
    );
    await bus.publish([
      aLifecycleFact({ what: 'rotated' }),
      aLifecycleFact({ what: 'rotation-aborted', issuer: 'okta' }),
      aLifecycleFact({ what: 'revoked' }),
      aLifecycleFact({ what: 'enrolled' }),
      aFinding(),
      aFinding({ change: 'resolved' }),
    ]);
    assert.deepEqual(counted, [
      'RotationsSucceeded gitlab',
      'RotationsFailed okta',
      'CredentialsRevoked gitlab',
      'FindingsOpened gitlab',
    ]);
    assert.equal(measureOf(aFinding({ change: 'escalated' })), undefined);
  });

  it('measures how long answers to leaks took, in seconds', () => {
    const told = (what: LifecycleFact['what'], incident: LifecycleFact['incident']): unknown =>
      measureOf(aLifecycleFact({ what, incident }));
    const incident = { id: 'i', sinceReported: 90_000, sinceExposed: 3_600_000 };
    assert.deepEqual(told('contained', incident), { metric: 'TimeToContain', value: 90 });
    assert.deepEqual(told('replaced', incident), { metric: 'TimeToReplace', value: 90 });
    assert.deepEqual(told('leaked', incident), { metric: 'TimeToDetect', value: 3_600 });
    assert.deepEqual(
      [
        told('leaked', { id: 'i', sinceReported: 0 }),
        told('consumers-moved', incident),
        told('contained', undefined),
      ],
      [undefined, undefined, undefined],
    );
  });

  it(
    'measures no step that is taken back in what is told with it, and the longer time of one that is ' +
      'reached again',
    async () => {
      const counted: unknown[] = [];
      const bus = countingBus(
        { publish: async () => undefined },
        (metric, _provider, value) => void counted.push([metric, value]),
      );
      const told = (what: LifecycleFact['what'], minutes: number, id = 'i'): LifecycleFact =>
        aLifecycleFact({ what, id: `${what}/${minutes}`, incident: { id, sinceReported: minutes * 60_000 } });
      await bus.publish([
        told('replaced', 1),
        told('replaced', 2, 'another'),
        told('replacement-withdrawn', 3),
        told('contained', 4),
      ]);
      assert.deepEqual(counted, [
        ['TimeToReplace', 120],
        ['TimeToContain', 240],
      ]);
      await bus.publish([told('containment-withdrawn', 5), told('contained', 9), told('replaced', 7)]);
      assert.deepEqual(counted.slice(2), [
        ['TimeToContain', 540],
        ['TimeToReplace', 420],
      ]);
    },
  );

  it('counts nothing that was not accepted', async () => {
    const refusing: FactBus = { publish: () => Promise.reject(new Error('full')) };
    const bus = countingBus(refusing, () => assert.fail('counted'));
    await assert.rejects(bus.publish([aFinding()]), /full/);
  });
});
