import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as z from 'zod';
import { MACHINES } from '../../functions/core/commands/senders.ts';
import { WorkerEnv } from '../../functions/handlers/worker.env.ts';
import { AlertEnv } from '../../functions/handlers/alert.env.ts';
import { DeliverEnv } from '../../functions/handlers/deliver.env.ts';
import { DiscoverEnv } from '../../functions/handlers/discover.env.ts';
import { HealthEnv } from '../../functions/handlers/health.env.ts';
import { IntakeEnv } from '../../functions/handlers/intake.env.ts';
import { LeaksEnv } from '../../functions/handlers/leaks.env.ts';
import { DetectEnv } from '../../functions/handlers/detect.env.ts';
import { ChatEnv } from '../../functions/handlers/chat.env.ts';
import { MeasureEnv } from '../../functions/handlers/measure.env.ts';
import { PagerEnv } from '../../functions/handlers/pager.env.ts';
import { ReconcileEnv } from '../../functions/handlers/reconcile.env.ts';
import { RotateEnv } from '../../functions/handlers/rotate.env.ts';
import { RouterEnv } from '../../functions/handlers/router.env.ts';
import { SweepEnv } from '../../functions/handlers/sweep.env.ts';
import { USUAL } from '../usual-issuers.ts';
import { ALL_SETTINGS, synthesised } from './synth.ts';

const FULL = synthesised(ALL_SETTINGS);
const IDS = USUAL.map((descriptor) => descriptor.id);

const SCHEMAS = new Map<string, z.ZodObject>([
  ...IDS.flatMap((id): [string, z.ZodObject][] => [
    [`keyturn-main-rotate-${id}`, RotateEnv],
    [`keyturn-main-worker-${id}`, WorkerEnv],
  ]),
  ['keyturn-main-router', RouterEnv],
  ['keyturn-main-sweep', SweepEnv],
  ['keyturn-main-reconcile', ReconcileEnv],
  ['keyturn-main-health', HealthEnv],
  ['keyturn-main-leaks', LeaksEnv],
  ['keyturn-main-deliver', DeliverEnv],
  ['keyturn-main-intake', IntakeEnv],
  ['keyturn-main-discover', DiscoverEnv],
  ['keyturn-main-alert', AlertEnv],
  ['keyturn-main-pager', PagerEnv],
  ['keyturn-main-measure', MeasureEnv],
  ['keyturn-main-chat', ChatEnv],
  ['keyturn-main-detect', DetectEnv],
]);

function environmentOf(name: string): Record<string, string> {
  const variables: Record<string, unknown> = FULL.fn(name).Properties['Environment'].Variables;
  return Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, FULL.text(value)]));
}

test('the functions have the names that secrets and people know them by', () => {
  const names = FULL.of('AWS::Lambda::Function').map(([, fn]) => FULL.text(fn.Properties['FunctionName']));
  assert.deepEqual(names.sort(), [...SCHEMAS.keys()].sort());
});

for (const [name, schema] of SCHEMAS)
  test(`${name} gets the environment that its handler asks for`, () => {
    const environment = environmentOf(name);
    assert.equal(environment['AWS_REGION'], undefined, 'Lambda sets it, and refuses a function that does');
    assert.ok(
      schema.safeParse({ ...environment, AWS_REGION: 'eu-central-1' }).success,
      JSON.stringify(environment),
    );
    assert.equal(environment['NODE_OPTIONS'], '--enable-source-maps');
  });

test('settings and names reach the environment', () => {
  const gitlab = environmentOf('keyturn-main-rotate-gitlab');
  assert.equal(gitlab['KEYTURN_PROVIDER'], 'gitlab');
  assert.equal(gitlab['ADMIN_PREFIX'], 'keyturn/admin/gitlab');
  assert.equal(gitlab['ALLOWED_HOSTS'], 'gitlab.example.com');
  assert.equal(gitlab['TABLE_NAME'], 'keyturn-main');
  const { WORKER_QUEUE: queue, ...both } = gitlab;
  assert.equal(queue, 'https://sqs.eu-central-1.amazonaws.com/111122223333/keyturn-main-worker-gitlab');
  const { SENDERS: _senders, ...worker } = environmentOf('keyturn-main-worker-gitlab');
  assert.deepEqual(worker, {
    ...both,
    COMMANDS_ARN: 'arn:aws:sqs:eu-central-1:111122223333:keyturn-main-worker-gitlab',
    POWERTOOLS_SERVICE_NAME: 'keyturn-main-worker-gitlab',
  });
  const queues = ReconcileEnv.shape.WORKER_QUEUES.parse(environmentOf('keyturn-main-sweep')['WORKER_QUEUES']);
  assert.deepEqual(
    queues,
    Object.fromEntries(
      IDS.map((id) => [id, `https://sqs.eu-central-1.amazonaws.com/111122223333/keyturn-main-worker-${id}`]),
    ),
  );
});

test(
  'a worker function knows those who may give it commands by the ids of their roles, and the rotation ' +
    'function of its own provider alone',
  () => {
    const idOf = (name: string): string => `AROA-of-${FULL.fn(name).Properties['Role']['Fn::GetAtt'][0]}`;
    for (const id of IDS) {
      const senders = WorkerEnv.shape.SENDERS.parse(environmentOf(`keyturn-main-worker-${id}`)['SENDERS']);
      const shared = MACHINES.filter((machine) => machine !== 'rotate').map((machine) => [
        machine,
        idOf(`keyturn-main-${machine}`),
      ]);
      assert.deepEqual(senders, { ...Object.fromEntries(shared), rotate: idOf(`keyturn-main-rotate-${id}`) });
    }
  },
);

test('every function is of one make, and logs where its role may write', () => {
  for (const [, fn] of FULL.of('AWS::Lambda::Function')) {
    const { Runtime, Architectures, LoggingConfig, FunctionName, ReservedConcurrentExecutions } =
      fn.Properties;
    assert.equal(Runtime, 'nodejs24.x');
    assert.deepEqual(Architectures, ['arm64']);
    assert.equal(LoggingConfig.LogFormat, 'JSON');
    assert.equal(
      FULL.text(LoggingConfig.LogGroup),
      `/aws/lambda/${FunctionName.replace(/-(rotate|worker)-/, '-issuer-')}`,
    );
    assert.equal(
      ReservedConcurrentExecutions,
      FunctionName === 'keyturn-main-intake' ? 5 : undefined,
      'a low reservation breaks rotations, and none lets strangers take what they need',
    );
  }
});

test('every log ends after its time and is encrypted', () => {
  assert.equal(FULL.of('AWS::Logs::LogGroup').length, SCHEMAS.size - IDS.length);
  for (const [, group] of FULL.of('AWS::Logs::LogGroup')) {
    assert.equal(group.Properties['RetentionInDays'], 90);
    assert.match(FULL.text(group.Properties['KmsKeyId']), /KeysData/);
  }
});

test('one bundle, two functions, two roles for each provider', () => {
  const [rotate, worker, other] = ['rotate-gitlab', 'worker-gitlab', 'rotate-okta'].map(
    (part) => FULL.fn(`keyturn-main-${part}`).Properties,
  );
  assert.deepEqual(rotate?.['Code'], worker?.['Code']);
  assert.notDeepEqual(rotate?.['Code'], other?.['Code']);
  assert.notDeepEqual(rotate?.['Role'], worker?.['Role']);
  assert.deepEqual([rotate?.['Handler'], worker?.['Handler']], ['index.rotate', 'index.worker']);
  assert.deepEqual([rotate?.['Timeout'], worker?.['Timeout']], [600, 300]);
});

test(
  'Secrets Manager may invoke the rotation functions for this account only, anybody intake by its URL, ' +
    'and the rest has no invoker',
  () => {
    const allowed = FULL.of('AWS::Lambda::Permission').map(([, permission]) => {
      const {
        FunctionName,
        Principal,
        SourceAccount,
        SourceArn,
        FunctionUrlAuthType,
        InvokedViaFunctionUrl,
      } = permission.Properties;
      const by = FunctionUrlAuthType ?? InvokedViaFunctionUrl;
      return (
        `${FULL.text(FunctionName).split(':').at(-1)} by ${Principal} for ` +
        (by === undefined ? FULL.text(SourceAccount ?? SourceArn) : 'its URL')
      );
    });
    assert.deepEqual(
      allowed.sort(),
      [
        // To call the URL, and to be invoked by it: a public URL needs both.
        'keyturn-main-intake by * for its URL',
        'keyturn-main-intake by * for its URL',
        ...IDS.map((id) => `keyturn-main-rotate-${id} by secretsmanager.amazonaws.com for 111122223333`),
      ].sort(),
    );
  },
);

test(
  'functions that talk to issuers and to consumers run in the ' +
    'network of the settings, the others outside',
  () => {
    for (const [, fn] of FULL.of('AWS::Lambda::Function')) {
      const isIssuers = /-(rotate|worker)-|-deliver$/.test(fn.Properties['FunctionName']);
      assert.deepEqual(
        fn.Properties['VpcConfig'],
        isIssuers
          ? { SubnetIds: ['subnet-0a1b2c3d', 'subnet-0a1b2c3e'], SecurityGroupIds: ['sg-0a1b2c3d'] }
          : undefined,
      );
    }
  },
);
