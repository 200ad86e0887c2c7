import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DETAIL_TYPES, EVENT_SOURCE, type Fact } from '../../functions/core/findings/events.ts';
import { forwardedIn } from '../../functions/handlers/eventbridge-message.ts';
import type { SettingsInput } from '../../lib/infra/settings.ts';
import { createAws } from '../../lib/sandbox/aws/create-aws.ts';
import type { Aws } from '../../lib/sandbox/aws/aws.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { deployEvents } from '../../lib/sandbox/runtime/deploy-events.ts';
import { deployQueues } from '../../lib/sandbox/runtime/deploy-messages.ts';
import { Roles } from '../../lib/sandbox/runtime/roles.ts';
import { Template } from '../../lib/sandbox/runtime/template.ts';
import { T0, aLifecycleFact } from '../fakes/tokens.ts';
import { synthesised } from '../infra/synth.ts';
import { countingUuid } from '../sandbox/aws/world.ts';

const REGION = 'eu-central-1';
const UPSTREAM = '444455556666';
const DOWNSTREAM = '111122223333';
const BUS = `arn:aws:events:${REGION}:${DOWNSTREAM}:event-bus/keyturn-main`;
const INBOX = 'keyturn-main-changes';
const UNDELIVERED = 'keyturn-main-staging-dlq';

const ROTATED = aLifecycleFact({ id: 'rotated', what: 'rotated' });
const RETIRED_CREDENTIAL = aLifecycleFact({ id: 'revoked', what: 'revoked' });

/** Buses, rules, queues and roles as the stack of these settings makes them in one account. */
function deployed(
  account: string,
  settings: Partial<SettingsInput>,
  parts: { clock: VirtualClock; abroad: (account: string) => Aws | undefined },
): Aws {
  const aws = createAws({
    ...parts,
    account,
    region: REGION,
    uuid: countingUuid(),
    invoke: async () => ({ payload: undefined }),
  });
  const { resources, outputs } = synthesised(settings);
  const template = new Template(
    { Resources: resources, Outputs: outputs },
    { account, region: REGION, stackName: 'keyturn-main', queueUrl: aws.sqs.urlOf },
  );
  deployQueues({ aws, template });
  deployEvents({ aws, template, roles: new Roles(template) });
  return aws;
}

interface Pair {
  readonly upstream: Aws;
  readonly downstream: Aws;
  /** Puts a fact on the upstream bus as its functions do, and waits until it arrived wherever it goes. */
  readonly tell: (fact: Fact, detailType: string, source?: string) => Promise<void>;
}

function pair({
  forwardTo = [BUS],
  acceptFrom = [UPSTREAM],
}: { forwardTo?: string[]; acceptFrom?: string[] } = {}): Pair {
  const clock = new VirtualClock(T0);
  const accounts = new Map<string, Aws>();
  const abroad = (account: string): Aws | undefined => accounts.get(account);
  const upstream = deployed(UPSTREAM, { staging: { forwardTo } }, { clock, abroad });
  const downstream = deployed(DOWNSTREAM, { staging: { acceptFrom } }, { clock, abroad });
  accounts.set(UPSTREAM, upstream).set(DOWNSTREAM, downstream);
  const client = new EventBridgeClient(upstream.clientConfig({ kind: 'root' }));
  const tell: Pair['tell'] = async (fact, detailType, source = EVENT_SOURCE) => {
    await client.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: 'keyturn-main',
            Source: source,
            DetailType: detailType,
            Detail: JSON.stringify(fact),
          },
        ],
      }),
    );
    await clock.advanceBy(0);
  };
  return { upstream, downstream, tell };
}

function bodiesIn(aws: Aws, queue: string): string[] {
  return aws.sqs.queue(queue).messages.map((message) => message.body);
}

test(
  'a rotation in one account is heard in the other as that account’s, over the two stacks’ own rules, ' +
    'role and bus policy',
  async () => {
    const { downstream, upstream, tell } = pair();
    await tell(ROTATED, DETAIL_TYPES.lifecycle);
    const heard = bodiesIn(downstream, INBOX).map((body) =>
      forwardedIn(body, { account: DOWNSTREAM, region: REGION }),
    );
    assert.deepEqual(
      heard.map((one) => one?.fact),
      [ROTATED],
    );
    assert.equal(bodiesIn(upstream, UNDELIVERED).length, 0);
    // The upstream account does not take its own fact for news from elsewhere.
    assert.equal(bodiesIn(upstream, INBOX).length, 0);
  },
);

test('what no account waits for stays at home', async () => {
  const { downstream, upstream, tell } = pair();
  await tell(RETIRED_CREDENTIAL, DETAIL_TYPES.lifecycle);
  assert.deepEqual([bodiesIn(downstream, INBOX).length, bodiesIn(upstream, UNDELIVERED).length], [0, 0]);
});

test(
  'an account that is not accepted is refused by the bus, and what it told waits in its own dead-letter ' +
    'queue',
  async () => {
    const { downstream, upstream, tell } = pair({ acceptFrom: ['999900001111'] });
    await tell(ROTATED, DETAIL_TYPES.lifecycle);
    assert.equal(bodiesIn(downstream, INBOX).length, 0);
    assert.equal(bodiesIn(upstream, UNDELIVERED).length, 1);
  },
);

test('an accepted account gets nothing on the bus but facts of Keyturn', async () => {
  const { downstream, upstream, tell } = pair();
  upstream.eventBridge.addRule({
    name: 'forged',
    bus: 'keyturn-main',
    pattern: { source: ['com.example'] },
    targets: [{ id: 'bus', arn: BUS, role: forger(), deadLetterArn: upstream.sqs.arnOf('forged') }],
  });
  upstream.sqs.add({
    name: 'forged',
    policy: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }],
    },
  });
  await tell(aLifecycleFact(), 'Anything Else', 'com.example');
  await tell(aLifecycleFact(), DETAIL_TYPES.lifecycle, 'com.example');
  assert.equal(bodiesIn(upstream, 'forged').length, 2);
  assert.equal(bodiesIn(downstream, INBOX).length, 0);
});

/** A role of the upstream account that may put anything anywhere. */
function forger(): Parameters<Aws['requestHandler']>[0] {
  return {
    kind: 'role',
    name: 'forger',
    session: 'session',
    policies: [
      { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: '*' }] },
    ],
  };
}
