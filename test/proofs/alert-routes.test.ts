import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ConfirmSubscriptionCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
  type ConfirmSubscriptionCommandOutput,
} from '@aws-sdk/client-sns';
import { snsSubscriptions } from '../../functions/adapters/sns-subscriptions.ts';
import type { Fact } from '../../functions/core/findings/events.ts';
import { DAY } from '../../functions/core/basics/time.ts';
import { examineRoutes, type RoutePorts } from '../../functions/use-cases/alerts/routes.ts';
import type { Mail } from '../../lib/sandbox/aws/sns/topic.ts';
import { MemoryInventory } from '../fakes/memory-inventory.ts';
import { ROOT, sandbox } from '../sandbox/aws/world.ts';

const OPS = 'ops@example.com';

/** An installation whose alerts go to one address, which has been asked to confirm. */
async function world() {
  const mails: Mail[] = [];
  const facts: Fact[] = [];
  const { aws, clock } = sandbox({ mail: (mail) => void mails.push(mail) });
  const topicArn = aws.sns.add({ name: 'keyturn-main-alerts' });
  const sns = new SNSClient({ ...aws.clientConfig(ROOT), maxAttempts: 1 });
  const subscribe = (): Promise<unknown> =>
    sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'email', Endpoint: OPS }));
  await subscribe();
  const ports: RoutePorts = {
    installation: { account: '111122223333', region: 'eu-central-1', name: 'main' },
    inventory: new MemoryInventory(),
    bus: { publish: async (all) => void facts.push(...all) },
    descriptor: () => undefined,
    now: () => clock.now(),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    subscriptions: snsSubscriptions(sns),
  };
  const examine = async (): Promise<string[]> => {
    assert.ok(await examineRoutes({ topicArn, routes: [{ to: OPS }] }, ports));
    return facts
      .splice(0)
      .map((fact) =>
        fact.type === 'finding' ? `${fact.change} ${fact.severity} ${fact.detail}` : fact.type,
      );
  };
  const link = (): string => /https:\S+/.exec(mails.at(-1)?.text ?? '')?.[0] ?? '';
  const token = (): string => new URL(link()).searchParams.get('Token') ?? '';
  /** With a signature, so that only a signed request ends the subscription. */
  const confirm = (): Promise<ConfirmSubscriptionCommandOutput> =>
    sns.send(
      new ConfirmSubscriptionCommand({
        TopicArn: topicArn,
        Token: token(),
        AuthenticateOnUnsubscribe: 'true',
      }),
    );
  return { aws, clock, sns, topicArn, subscribe, confirm, examine, link, token, ports };
}

const NO_RECEIVER =
  'No person is notified of what has no route of its own at critical, warning, info: no subscription ' +
  'for it is confirmed';

test(
  'an address that waits is a finding, and is none once it has confirmed with a signature; what it ' +
    'confirms with is told nowhere',
  async () => {
    const { confirm, examine, token, ports } = await world();
    assert.deepEqual(await examine(), [
      `opened warning ${NO_RECEIVER} yet.`,
      'opened warning o…@example.com is not notified: its subscription waits to be confirmed.',
    ]);
    assert.deepEqual(await examine(), [], 'it is told once');
    const kept = JSON.stringify(await ports.inventory.loadInstallationRecord());
    assert.ok(token().length > 60 && kept.includes('o…@example.com'));
    assert.deepEqual(
      [token(), OPS].filter((value) => kept.includes(value)),
      [],
    );
    await confirm();
    assert.deepEqual(
      (await examine()).map((one) => one.split(' ')[0]),
      ['resolved', 'resolved'],
    );
  },
);

test(
  'an address that followed the link of its mail can be unsubscribed by anybody: a finding, which ' +
    'becomes worse when somebody does',
  async () => {
    const { aws, confirm, examine, link, subscribe } = await world();
    aws.sns.visit(link());
    assert.deepEqual(await examine(), [
      'opened info o…@example.com can be unsubscribed by anybody who gets one of its mails, since it was ' +
        'confirmed without a signature.',
    ]);
    const { SubscriptionArn = '' } = await confirm();
    assert.deepEqual(await examine(), [], 'confirming again changes nothing');
    aws.sns.visit(
      `https://sns.eu-central-1.amazonaws.com/unsubscribe.html?SubscriptionArn=${SubscriptionArn}`,
    );
    assert.deepEqual(await examine(), [
      `opened critical ${NO_RECEIVER}.`,
      'escalated warning o…@example.com is not notified: it is not subscribed any more, or never was.',
    ]);
    await subscribe();
    await confirm();
    assert.deepEqual(
      (await examine()).map((one) => one.split(' ')[0]),
      ['resolved', 'resolved'],
    );
  },
);

test('an address left unconfirmed for two days is gone; without a receiver that is critical', async () => {
  const { clock, examine } = await world();
  await examine();
  await clock.advanceBy(2 * DAY);
  assert.deepEqual(await examine(), [`escalated critical ${NO_RECEIVER}.`]);
});

test('a subscription that was confirmed with a signature is ended by a signed request alone', async () => {
  const { aws, confirm, sns, examine } = await world();
  const { SubscriptionArn = '' } = await confirm();
  assert.throws(
    () =>
      aws.sns.visit(
        `https://sns.eu-central-1.amazonaws.com/unsubscribe.html?SubscriptionArn=${SubscriptionArn}`,
      ),
    { code: 'AuthorizationError' },
  );
  await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
  assert.equal((await examine()).length, 2);
});

test('a look that AWS refuses changes nothing, and says so', async () => {
  const { topicArn, examine, ports } = await world();
  await examine();
  const before = await ports.inventory.loadInstallationRecord();
  assert.equal(await examineRoutes({ topicArn: `${topicArn}-gone`, routes: [] }, ports), false);
  assert.deepEqual(await ports.inventory.loadInstallationRecord(), before);
});
