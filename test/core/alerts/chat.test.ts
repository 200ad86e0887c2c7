import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { AlarmNotice } from '../../../functions/core/alerts/alarm.ts';
import { ChatMessage, chatOf, chatOfAlarm } from '../../../functions/core/alerts/chat.ts';
import { FindingFact } from '../../../functions/core/findings/events.ts';
import { FINDING_KINDS } from '../../../functions/core/findings/findings.ts';
import { FINDING_RULES } from '../../../functions/core/findings/finding-rules.ts';
import type { Notice } from '../../../functions/core/alerts/notices.ts';
import { CONTEXT, HERE } from '../../fakes/steps.ts';
import { T0, aFinding } from '../../fakes/tokens.ts';

const CHANGES = FindingFact.shape.change.options;
const reminderOf = (finding: FindingFact): Notice => ({
  type: 'reminder',
  id: 'r',
  at: T0 + 1,
  step: 1,
  finding,
});

describe('a message for a chat room', () => {
  it('says what, the impact, what to do and where to read on, in the thread of its token', () => {
    const { content, metadata } = chatOf(aFinding({ outlook: { at: T0, becomes: 'expired' } }), {
      installation: HERE,
      runbookUrl: 'https://wiki.example.com/k',
    });
    assert.deepEqual(content, {
      textType: 'client-markdown',
      title: '[critical] gitlab token prod/billing/ci: Token expires soon',
      description: [
        'Keyturn main in account 111122223333, eu-west-1',
        '*What:* It expires on 2026-01-08 and was not rotated.',
        '*Impact:* When it expires, the issuer rejects every consumer of this token.',
        '*Gets worse:* The token expires on 2026-01-05T09:00:00Z.',
        '*Look first:* `npx --no keyturn show prod/billing/ci --installation main --region eu-west-1`',
        '*Then:* `npx --no keyturn rotate prod/billing/ci --installation main --region eu-west-1`',
        '*Secret:* https://eu-west-1.console.aws.amazon.com/secretsmanager/secret?name=prod%2Fbilling%2Fci',
      ].join('\n'),
      nextSteps: [
        FINDING_RULES['token-expiring'].action,
        'Runbook: https://wiki.example.com/k#runbook-token-expiring',
      ],
      keywords: ['critical', 'token-expiring', 'team-billing'],
    });
    assert.deepEqual(
      [metadata?.threadId, metadata?.eventType, metadata?.enableCustomActions],
      ['keyturn/111122223333/eu-west-1/main/prod/billing/ci-AbC123', 'opened', false],
    );
  });

  it('about one token is one thread, from opening over reminders to the end', () => {
    const finding = aFinding();
    const threads = [
      ...CHANGES.map((change) => aFinding({ change })),
      aFinding({ kind: 'credential-orphaned' }),
      reminderOf(finding),
    ].map((notice) => chatOf(notice, CONTEXT).metadata?.threadId);
    assert.deepEqual(new Set(threads), new Set([`keyturn/111122223333/eu-west-1/main/${finding.tokenId}`]));
    assert.ok(!threads.includes(chatOf(aFinding({ tokenId: 'other' }), CONTEXT).metadata?.threadId));
    assert.ok(
      !threads.includes(
        chatOf(finding, { ...CONTEXT, installation: { ...HERE, account: '444455556666' } }).metadata
          ?.threadId,
      ),
    );
  });

  for (const kind of FINDING_KINDS.options)
    it(`stays within what chat rooms take, whatever the names: ${kind}`, () => {
      const text = fc.string({ minLength: 0, maxLength: 9_000 });
      fc.assert(
        fc.property(
          fc.constantFrom(...CHANGES),
          fc.string({ minLength: 1, maxLength: 600 }),
          text,
          fc.string({ maxLength: 300 }),
          (change, name, detail, owner) => {
            const finding = aFinding({ kind, change, name, detail, owner });
            for (const notice of [finding, reminderOf(finding)]) ChatMessage.parse(chatOf(notice, CONTEXT));
          },
        ),
        { numRuns: 20 },
      );
    });

  it('has a digest as a list', () => {
    const digest: Notice = {
      type: 'digest',
      id: 'd',
      at: T0,
      owner: 'team',
      open: [aFinding({ severity: 'warning' })],
      over: [],
      passed: [],
      counts: { open: 1, over: 0, passed: 0 },
    };
    const message = ChatMessage.parse(chatOf(digest, CONTEXT));
    assert.equal(
      message.content.description,
      'Keyturn main in account 111122223333, eu-west-1\n[warning] prod/billing/ci: Token expires soon ' +
        '(token-expiring)\n*Look first:* `npx --no keyturn status --owner=team --installation main ' +
        '--region eu-west-1`',
    );
  });

  it('shows names and sentences from outside as they are, never as a mention or a link', () => {
    const { content } = chatOf(
      aFinding({
        kind: 'reader-unrecognized',
        subject: 'role/<!channel>',
        detail: '<https://a.example|x> & y',
      }),
      CONTEXT,
    );
    assert.match(content.description ?? '', /^\*What:\* &lt;https:\/\/a\.example\|x&gt; &amp; y$/m);
    assert.doesNotMatch(content.description ?? '', /[<>]|dismiss/);
  });

  it('has an alarm and its end in one thread', () => {
    const alarm = AlarmNotice.parse({
      AlarmName: 'keyturn-main-sweep-silent',
      AlarmDescription: 'x'.repeat(9_000),
      NewStateValue: 'ALARM',
      StateChangeTime: '2026-01-05T09:00:00.000+0000',
    });
    const [begins, ends] = [alarm, { ...alarm, NewStateValue: 'OK' as const, AlarmDescription: null }].map(
      (one) => ChatMessage.parse(chatOfAlarm(one, HERE)),
    );
    assert.equal(begins?.metadata?.threadId, ends?.metadata?.threadId);
    assert.deepEqual(
      [begins?.content.title, ends?.content.title, ends?.content.description],
      [
        '[alarm] keyturn-main-sweep-silent',
        '[over] keyturn-main-sweep-silent',
        'Keyturn main in account 111122223333, eu-west-1\nkeyturn-main-sweep-silent',
      ],
    );
  });
});
