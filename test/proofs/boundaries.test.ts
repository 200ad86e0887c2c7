import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { DeleteItemCommand, DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SQSClient, SendMessageCommand, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { DETAIL_TYPES, EVENT_SOURCE } from '../../functions/core/findings/events.ts';
import {
  DELETERS,
  PARTITIONS,
  TABLE_USERS,
  WRITERS,
  prefixesOf,
  type TableUser,
} from '../../functions/core/inventory/partitions.ts';
import { Letter, admit, type Origin } from '../../functions/core/commands/senders.ts';
import { WorkerEnv } from '../../functions/handlers/worker.env.ts';
import { createIam } from '../../lib/sandbox/aws/iam.ts';
import { createAws } from '../../lib/sandbox/aws/create-aws.ts';
import type { Aws } from '../../lib/sandbox/aws/aws.ts';
import type { Principal } from '../../lib/sandbox/aws/types.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { deployEvents } from '../../lib/sandbox/runtime/deploy-events.ts';
import { deployQueues } from '../../lib/sandbox/runtime/deploy-messages.ts';
import { deployTables } from '../../lib/sandbox/runtime/deploy-tables.ts';
import { operatorOf } from '../../lib/sandbox/runtime/principals.ts';
import { Roles } from '../../lib/sandbox/runtime/roles.ts';
import { Template } from '../../lib/sandbox/runtime/template.ts';
import { T0, aFinding } from '../fakes/tokens.ts';
import { ALL_SETTINGS, synthesised } from '../infra/synth.ts';
import { ACCOUNT, REGION, countingUuid, role } from '../sandbox/aws/world.ts';

/** The stack's roles, queues, bus and table in an AWS that decides calls by their policies. */
let aws: Aws;
let clock: VirtualClock;
let template: Template;
let roles: Roles;
const ACT = 'keyturn-main-worker-gitlab';
const REQUESTS = 'keyturn-main-requests';

before(async () => {
  clock = new VirtualClock(T0);
  aws = createAws({
    clock,
    account: ACCOUNT,
    region: REGION,
    uuid: countingUuid(),
    invoke: async () => ({ payload: undefined }),
  });
  const { resources, outputs } = synthesised(ALL_SETTINGS);
  template = new Template(
    { Resources: resources, Outputs: outputs },
    { account: ACCOUNT, region: REGION, stackName: 'keyturn-main', queueUrl: aws.sqs.urlOf },
  );
  roles = new Roles(template);
  for (const key of template.of('AWS::KMS::Key'))
    aws.kms.add({
      id: key.ref,
      spec: key.properties['KeySpec'] === 'HMAC_256' ? 'HMAC_256' : 'SYMMETRIC_DEFAULT',
      policy: Object(key.properties['KeyPolicy']),
    });
  deployQueues({ aws, template });
  await deployTables({ aws, template, roles, assets: new Map(), pool: Object(undefined) });
  deployEvents({ aws, template, roles });
});

/** A function's role, in a session of the function's name. */
function functionRole(name: string): Principal {
  const fn = template.of('AWS::Lambda::Function').find(({ ref }) => ref === name);
  return { ...roles.get(String(fn?.properties['Role'])), session: name };
}

function operator(): Principal {
  return operatorOf(template, roles);
}

function nameOf(user: TableUser): string {
  return user === 'worker' || user === 'rotate' ? `keyturn-main-${user}-gitlab` : `keyturn-main-${user}`;
}

const DENIED = { name: 'AccessDeniedException' };

describe('an item of the table', () => {
  const clientOf = (principal: Principal): DynamoDBClient =>
    new DynamoDBClient({ ...aws.clientConfig(principal), maxAttempts: 1 });
  const put = (client: DynamoDBClient, pk: string): Promise<unknown> =>
    client.send(new PutItemCommand({ TableName: 'keyturn-main', Item: marshall({ pk, sk: 'x' }) }));
  const drop = (client: DynamoDBClient, pk: string): Promise<unknown> =>
    client.send(new DeleteItemCommand({ TableName: 'keyturn-main', Key: marshall({ pk, sk: 'x' }) }));

  for (const user of TABLE_USERS)
    it(`is written and deleted by ${user} in its own partitions, and in no other`, async () => {
      const client = clientOf(functionRole(nameOf(user)));
      for (const prefix of Object.values(PARTITIONS)) {
        const pk = `${prefix}one`;
        await (prefixesOf(user, WRITERS).includes(prefix)
          ? put(client, pk)
          : assert.rejects(put(client, pk), DENIED, `${user} ${prefix}`));
        await (prefixesOf(user, DELETERS).includes(prefix)
          ? drop(client, pk)
          : assert.rejects(drop(client, pk), DENIED, `${user} ${prefix}`));
      }
      await assert.rejects(client.send(new ScanCommand({ TableName: 'keyturn-main' })), DENIED);
    });

  it(
    'that lets a current credential end is written by none of those that tell, look, detect or deliver, ' +
      'nor by a rotation',
    async () => {
      for (const user of TABLE_USERS.filter((one) => one !== 'worker'))
        await assert.rejects(
          put(clientOf(functionRole(nameOf(user))), 'P#prod/billing/ci-AbC123'),
          DENIED,
          user,
        );
      await assert.rejects(put(clientOf(operator()), 'P#prod/billing/ci-AbC123'), DENIED);
      await put(clientOf(functionRole(ACT)), 'P#prod/billing/ci-AbC123');
    },
  );
});

const END = { kind: 'end', how: 'retire', tokenId: 'prod/billing/ci-AbC123', notAfter: T0 };

function send(principal: Principal, queue: string, body: object): Promise<unknown> {
  const client = new SQSClient({ ...aws.clientConfig(principal), maxAttempts: 1 });
  return client.send(
    new SendMessageCommand({ QueueUrl: aws.sqs.urlOf(queue), MessageBody: JSON.stringify(body) }),
  );
}

/**
 * What the act function makes of the last message in its queue, by the environment that it is deployed with.
 */
function verdict(): string {
  const fn = template.of('AWS::Lambda::Function').find(({ ref }) => ref === ACT);
  const { Variables: variables } = Object(fn?.properties['Environment']);
  const rules = {
    queueArn: String(variables.COMMANDS_ARN),
    roles: WorkerEnv.shape.SENDERS.parse(variables.SENDERS),
  };
  const message = aws.sqs.queue(ACT).messages.at(-1);
  const origin: Origin = {
    queueArn: aws.sqs.arnOf(ACT),
    senderId: message?.senderId ?? '',
    isRedriven: message?.gaveUpBy !== undefined,
  };
  const admission = admit(Letter.parse(JSON.parse(message?.body ?? '')), origin, rules);
  return admission.outcome === 'admitted' ? `by ${admission.by}` : `refused to ${admission.sender}`;
}

describe('a command that ends a token', () => {
  it('is refused to every function that may send to the act queue', async () => {
    for (const name of ['rotate-gitlab', 'sweep', 'reconcile', 'health', 'leaks', 'router']) {
      await send(functionRole(`keyturn-main-${name}`), ACT, END);
      assert.equal(verdict(), `refused to ${name === 'rotate-gitlab' ? 'rotate' : name}`);
    }
  });

  it('is refused in an envelope of any other than the router, whoever it names', async () => {
    const envelope = { command: END, requestedBy: 'AROAOPERATOR:ana' };
    for (const name of ['rotate-gitlab', 'sweep', 'leaks']) {
      await send(functionRole(`keyturn-main-${name}`), ACT, envelope);
      assert.equal(verdict(), 'refused to unknown');
    }
    await send(operator(), ACT, envelope);
    assert.equal(verdict(), 'refused to unknown', 'a person that may move messages back there');
    await send(functionRole('keyturn-main-router'), ACT, envelope);
    assert.equal(verdict(), 'by AROAOPERATOR:ana');
  });

  it('is refused once it was given up and moved back', async () => {
    await send(functionRole('keyturn-main-router'), ACT, { command: END, requestedBy: 'AROAOPERATOR:ana' });
    const queue = aws.sqs.queue(ACT);
    const [message] = queue.messages.splice(-1);
    assert.ok(message);
    aws.sqs.queue(`${ACT}-dlq`).put({ ...message, gaveUpBy: aws.sqs.arnOf(ACT) });
    await new SQSClient(aws.clientConfig(operator())).send(
      new StartMessageMoveTaskCommand({ SourceArn: aws.sqs.arnOf(`${ACT}-dlq`) }),
    );
    assert.notEqual(queue.messages.at(-1)?.id, message.id, 'it is a new message');
    assert.equal(verdict(), 'refused to unknown');
  });

  it('cannot be sent to the queue for people by any function, whatever IAM allows it besides', async () => {
    const names = template.of('AWS::Lambda::Function').map(({ ref }) => ref);
    assert.ok(names.length > 15);
    for (const name of names) {
      const fn = functionRole(name);
      assert.ok(fn.kind === 'role');
      const allowed: Principal = {
        ...fn,
        policies: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }],
      };
      await assert.rejects(
        send(allowed, REQUESTS, END),
        (error) => error instanceof Error && /explicit deny/.test(error.message),
        name,
      );
    }
    await send(operator(), REQUESTS, END);
  });
});

describe('a fact on the bus', () => {
  const heard = (): number => aws.sqs.queue('keyturn-main-alert').messages.length;
  const tell = async (principal: Principal, sources: readonly string[]): Promise<unknown> => {
    const Entries = sources.map((Source) => ({
      EventBusName: 'keyturn-main',
      Source,
      DetailType: DETAIL_TYPES.finding,
      Detail: JSON.stringify(aFinding({ sequence: Number.MAX_SAFE_INTEGER })),
    }));
    const answer = await new EventBridgeClient({ ...aws.clientConfig(principal), maxAttempts: 1 }).send(
      new PutEventsCommand({ Entries }),
    );
    await clock.advanceBy(0);
    return answer;
  };
  const anybody = role('ci', { Effect: 'Allow', Action: 'events:PutEvents', Resource: '*' });

  it('is refused from anybody else in the account, alone or among others', async () => {
    const before = heard();
    for (const sources of [[EVENT_SOURCE], ['com.example', EVENT_SOURCE], [EVENT_SOURCE, 'com.example']])
      await assert.rejects(tell(anybody, sources), DENIED);
    assert.equal(heard(), before);
  });

  it('is taken from the functions that tell', async () => {
    for (const name of [
      'sweep',
      'reconcile',
      'worker-gitlab',
      'rotate-okta',
      'detect',
      'discover',
      'leaks',
      'deliver',
    ]) {
      const before = heard();
      await tell(functionRole(`keyturn-main-${name}`), [EVENT_SOURCE]);
      assert.equal(heard(), before + 1, name);
    }
  });

  it('may have any other source, such as a health signal of the account', async () => {
    await tell(anybody, ['com.example']);
  });

  it('of another account comes in the name of its forwarders alone', async () => {
    const event = {
      source: EVENT_SOURCE,
      'detail-type': DETAIL_TYPES.lifecycle,
      account: '777788889999',
      region: REGION,
      detail: {},
    };
    const check = aws.eventBridge.takeCheck('keyturn-main', event);
    const mayPut = { Effect: 'Allow', Action: 'events:PutEvents', Resource: '*' };
    const from = (account: string, name: string): void =>
      createIam({ account, region: REGION })(role(name, mayPut), check);
    from('777788889999', 'keyturn-forwarders/main/eu-central-1/forwarder');
    assert.throws(() => from('777788889999', 'ci'), DENIED, 'another role of an account that is accepted');
    for (const account of ['888899990000', ACCOUNT])
      assert.throws(() => from(account, 'keyturn-forwarders/main/eu-central-1/forwarder'), DENIED, account);
  });
});
