import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findingKey } from '../../../functions/core/findings/findings.ts';
import { assessedInstallationRecord } from '../../../functions/core/inventory/installation.ts';
import { testSubject, withTestAlert } from '../../../functions/core/inventory/test-alert.ts';
import type { Subscribed } from '../../../lib/cli/aws/topics.ts';
import type { AlertsTestJson } from '../../../lib/cli/json/operations.ts';
import { bench, type Bench } from '../harness.ts';

const MAIL: Subscribed = {
  topic: 'keyturn-main-alerts',
  protocol: 'email',
  endpoint: 'ops@example.com',
  state: 'confirmed',
  isAuthenticated: true,
};
const ARN = 'arn:aws:sqs:eu-west-1:111122223333:keyturn-main';
const PAGER: Subscribed = { ...MAIL, protocol: 'sqs', endpoint: `${ARN}-pager` };
const CHAT: Subscribed = { ...MAIL, protocol: 'sqs', endpoint: `${ARN}-chat` };
const SLACK: Subscribed = {
  ...MAIL,
  topic: 'keyturn-main-chat',
  protocol: 'https',
  endpoint: 'https://slack',
};

interface Functions {
  readonly worker?: boolean;
  readonly alert?: boolean;
  readonly relays?: readonly ('pager' | 'chat')[];
}

/** An installation with these subscriptions, whose functions do this while the command waits. */
function desk(subscribed: readonly Subscribed[], functions: Functions): Bench {
  const self = bench();
  const arns = ['arn:aws:sns:eu-west-1:111122223333:keyturn-main-alerts'] as const;
  self.topics = { ...self.topics, arns: async () => [...arns], list: async () => [...subscribed] };
  self.meanwhile = async () => {
    const request = self.sent[0]?.command.notAfter ?? 0;
    const finding = { kind: 'test-alert-sent', subject: testSubject(request) } as const;
    const key = findingKey('installation', finding);
    const { installationRecord, revision } = await self.inventory.loadInstallationRecord();
    if (functions.worker === true)
      await self.inventory.saveInstallationRecord(
        assessedInstallationRecord(
          withTestAlert(installationRecord, { request, at: self.now, by: 'AROA1:ana' }),
          'main',
          self.now,
        ),
        revision,
      );
    if (functions.alert === true) await self.inventory.tell(key, 1);
    for (const relay of functions.relays ?? []) await self.inventory.tell(`${relay}/${key}`, 1);
  };
  return self;
}

async function tested(self: Bench): Promise<{ exit: number; view: AlertsTestJson }> {
  const { exit, out } = await self.keyturn('alerts', 'test', '--yes', '--timeout', '4s', '--json');
  return { exit, view: JSON.parse(out) };
}

describe('keyturn alerts test', () => {
  it('asks one worker function, for the installation and no token, once the word was typed', async () => {
    const self = desk([MAIL], { worker: true, alert: true });
    self.answer = 'test';
    const { exit, out, err } = await self.keyturn('alerts', 'test');
    assert.deepEqual(
      self.sent.map(({ command }) => [command.kind, command.tokenId]),
      [['test-alert', 'installation']],
    );
    assert.equal(exit, 0);
    assert.match(err, /marked TEST.*touches no token/);
    assert.match(out, /^The test alert was published\. Look into each channel/);
    assert.match(out, /^ops@example\.com +email +published: look there$/m);
  });

  it('sends nothing for another answer, or without a terminal', async () => {
    const self = desk([MAIL], {});
    self.answer = 'no';
    assert.equal((await self.keyturn('alerts', 'test')).exit, 3);
    self.answer = undefined;
    assert.equal((await self.keyturn('alerts', 'test')).exit, 3);
    assert.deepEqual(self.sent, []);
  });

  it('waits for the pager and the chat function, where they are deployed', async () => {
    const all = [
      MAIL,
      PAGER,
      CHAT,
      SLACK,
      { ...MAIL, endpoint: 'new@example.com', state: 'waiting' } as const,
    ];
    const done = await tested(desk(all, { worker: true, alert: true, relays: ['pager', 'chat'] }));
    assert.deepEqual([done.exit, done.view.outcome], [0, 'done']);
    assert.deepEqual(
      done.view.channels.map(({ state }) => state),
      ['published', 'accepted', 'passed-on', 'passed-on', 'unconfirmed'],
    );
    const late = await tested(desk(all, { worker: true, alert: true, relays: ['pager'] }));
    assert.deepEqual([late.exit, late.view.outcome], [1, 'unfinished']);
    assert.deepEqual(
      late.view.channels.map(({ state }) => state),
      ['published', 'accepted', 'pending', 'pending', 'unconfirmed'],
    );
  });

  for (const [what, functions, said] of [
    ['no worker function', {}, /No function has taken up the request/],
    ['no alert function', { worker: true }, /opened and is not published yet/],
  ] as const)
    it(`says how far it came: ${what}`, async () => {
      const { exit, view } = await tested(desk([MAIL], functions));
      assert.equal(exit, 1);
      assert.match(view.detail, said);
      assert.deepEqual(
        view.channels.map(({ state }) => state),
        ['pending'],
      );
    });

  it('is no all-clear where it reaches no receiver', async () => {
    const { view } = await tested(desk([], { worker: true, alert: true }));
    assert.match(view.detail, /no subscription is confirmed: nobody gets it/);
  });
});
