import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { noting } from '../../../functions/core/findings/reported-findings.ts';
import { brokenRoutes, type Subscription } from '../../../functions/core/alerts/routes.ts';
import { changeInstallationRecord } from '../../../functions/use-cases/inventory/installation.ts';
import { accessWith, portsOver } from '../../../lib/cli/aws/world.ts';
import type { Mail } from '../../../lib/sandbox/aws/sns/topic.ts';
import type { Principal } from '../../../lib/sandbox/aws/types.ts';
import { ROOT, role, sandbox } from '../../sandbox/aws/world.ts';
import { T0 } from '../../fakes/tokens.ts';
import { bench, type Bench, type Run } from '../harness.ts';
import type { ConfirmedJson, SubscriptionsJson } from '../../../lib/cli/json/operations.ts';

const OPS = 'ops@example.com';
const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:keyturn-main-alerts';
const VIEW = {
  Effect: 'Allow',
  Action: ['sns:ListSubscriptionsByTopic', 'sns:GetSubscriptionAttributes'],
  Resource: '*',
};
const CONFIRM = { Effect: 'Allow', Action: 'sns:ConfirmSubscription', Resource: TOPIC };

/**
 * The command over an AWS with a topic for alerts, a queue that hears it, and an address that has the mail
 * that asks it to confirm.
 */
async function deployed(principal: Principal = ROOT) {
  const mails: Mail[] = [];
  const { aws } = sandbox({ mail: (mail) => void mails.push(mail) });
  aws.sns.add({ name: 'keyturn-main-alerts' });
  aws.sns.add({ name: 'other' });
  aws.sns.subscribe(TOPIC, {
    protocol: 'sqs',
    endpoint: 'arn:aws:sqs:eu-central-1:111122223333:keyturn-main-pager',
  });
  const sns = new SNSClient({ ...aws.clientConfig(ROOT), maxAttempts: 1 });
  const linkFor = async (TopicArn: string): Promise<string> => {
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: OPS }));
    return /https:\S+/.exec(mails.at(-1)?.text ?? '')?.[0] ?? '';
  };
  const link = await linkFor(TOPIC);
  const self: Bench = bench();
  const ports = portsOver(
    accessWith({ ...aws.clientConfig(principal), maxAttempts: 1 }, 'main'),
    'main',
    async () => T0,
  );
  self.ports = { ...ports, inventory: self.inventory };
  const confirm = (input: string | undefined, ...more: string[]): Promise<Run> => {
    self.input = input;
    return self.keyturn('alerts', 'confirm', ...more);
  };
  const states = async (): Promise<string[]> => {
    const view: SubscriptionsJson = JSON.parse((await self.keyturn('alerts', 'list', '--json')).out);
    return view.subscriptions.map(({ endpoint, state }) => `${endpoint.split(':').at(-1)} ${state}`);
  };
  return {
    self,
    aws,
    link,
    linkFor,
    mails,
    confirm,
    states,
    token: new URL(link).searchParams.get('Token') ?? '',
  };
}

describe('keyturn alerts', () => {
  it('lists who waits, who can be unsubscribed by anybody, and who is as they should be', async () => {
    const { self, aws, link, states } = await deployed(role('viewer', VIEW));
    assert.deepEqual(await states(), [`${OPS} waiting`, 'keyturn-main-pager kept']);
    assert.match(
      (await self.keyturn('alerts', 'list')).out,
      /^ops@example\.com +email +keyturn-main-alerts +waits to be confirmed$/m,
    );
    aws.sns.visit(link);
    assert.deepEqual(await states(), [`${OPS} anybody`, 'keyturn-main-pager kept']);
    assert.equal((await self.keyturn('alerts', 'list')).exit, 0);
    assert.equal((await self.keyturn('alerts', 'list', '--exit-code')).exit, 5);
  });

  it('confirms by the whole mail, its link, or the token alone, with a signature', async () => {
    for (const inputOf of [
      (it: { mails: Mail[] }) => it.mails[0]?.text,
      (it: { link: string }) => it.link.replaceAll('&', '&amp;'),
      (it: { token: string }) => ` ${it.token}\n`,
    ]) {
      const it = await deployed(role('operator', VIEW, CONFIRM));
      const { exit, out, err } = await it.confirm(inputOf(it));
      assert.deepEqual(
        [exit, out, err],
        [0, `${OPS} is confirmed: only signed requests can unsubscribe it.\n`, ''],
      );
      assert.deepEqual(await it.states(), ['keyturn-main-pager kept', `${OPS} kept`]);
      assert.equal((await it.self.keyturn('alerts', 'list', '--exit-code')).exit, 0);
    }
  });

  it('says that it is too late where the link was followed before', async () => {
    const { aws, link, confirm } = await deployed();
    aws.sns.visit(link);
    const { exit, out } = await confirm(link, '--json');
    const view: ConfirmedJson = JSON.parse(out);
    assert.deepEqual([exit, view], [1, { schema: 1, endpoint: OPS, authenticated: false }]);
    assert.match((await confirm(link)).out, /was confirmed before, without a signature/);
  });

  it('confirms nothing of a topic that is not its own, and follows no link', async () => {
    const { linkFor, confirm, states } = await deployed();
    const { exit, err } = await confirm(await linkFor(TOPIC.replace('keyturn-main-alerts', 'other')));
    assert.equal(exit, 3);
    assert.match(err, /^Nothing was confirmed: this link is for a topic of another installation/);
    assert.deepEqual(await states(), [`${OPS} waiting`, 'keyturn-main-pager kept']);
  });

  it('takes a link by standard input alone, and repeats nothing of what it was given', async () => {
    const { self, confirm, token, link } = await deployed();
    const refused = [
      await confirm(undefined),
      await confirm(''),
      await confirm(`see ${token} there`),
      await confirm(link, link),
      await self.keyturn('alerts', 'confirm', token),
      await confirm('x'.repeat(64)),
    ];
    assert.deepEqual(
      refused.map(({ exit }) => exit),
      [2, 2, 2, 2, 2, 1],
    );
    assert.match(refused.at(-1)?.err ?? '', /^SNS does not take this token/);
    for (const { out, err } of refused)
      assert.deepEqual(
        [token, 'x'.repeat(64)].filter((value) => (out + err).includes(value)),
        [],
      );
  });

  it('names a viewer the policy that confirming takes, and says where the topic is missing', async () => {
    const { confirm, link } = await deployed(role('viewer', VIEW));
    assert.match(
      (await confirm(link)).err,
      /^You may not do sns:ConfirmSubscription: have the policy keyturn-main-operator/,
    );
    const other = await deployed();
    other.self.ports = portsOver(
      accessWith({ ...other.aws.clientConfig(ROOT), maxAttempts: 1 }, 'elsewhere'),
      'elsewhere',
      async () => T0,
    );
    assert.match((await other.self.keyturn('alerts', 'list')).err, /has no topic for alerts here/);
  });

  it('shows whom the last pass found without a subscription, and not what was fixed since', async () => {
    const { self, confirm, link } = await deployed();
    const seen: Subscription[] = [
      { protocol: 'email', endpoint: OPS, state: 'waiting', isAuthenticated: false },
      { protocol: 'sqs', endpoint: 'arn:x:pager', state: 'confirmed', isAuthenticated: true },
    ];
    const wrong = brokenRoutes(
      [{ to: OPS }, { to: 'gone@example.com' }, { to: 'arn:x:pager' }],
      seen,
      new Map(),
    );
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const ports = {
      installation: { account: '111122223333', region: 'eu-central-1', name: 'main' },
      inventory: self.inventory,
      bus: { publish: async () => undefined },
      descriptor: () => undefined,
      now: () => T0,
      log: quiet,
    };
    await changeInstallationRecord(ports, (installationRecord) =>
      wrong.reduce((doing, one) => noting(doing, one, { now: T0 }), installationRecord),
    );
    await confirm(link);
    const { out, exit } = await self.keyturn('alerts', 'list', '--exit-code');
    assert.match(
      out,
      /^The last pass of reconcile found: g…@example\.com is not notified: it is not subscribed any more, or never was\.$/m,
    );
    assert.doesNotMatch(out, /o…@/);
    assert.equal(exit, 5);
  });

  it('says so where there is no subscriber', async () => {
    const it = bench();
    it.topics = { ...it.topics, list: async () => [] };
    assert.match((await it.keyturn('alerts', 'list')).out, /^No subscription to alerts\./);
  });
});
