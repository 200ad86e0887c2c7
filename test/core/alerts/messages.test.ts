import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { FindingFact } from '../../../functions/core/findings/events.ts';
import { FINDING_KINDS, Severity } from '../../../functions/core/findings/findings.ts';
import { FINDING_RULES } from '../../../functions/core/findings/finding-rules.ts';
import { attributesOf, findingWords, reminderWords } from '../../../functions/core/alerts/messages.ts';
import type { Reminder } from '../../../functions/core/alerts/notices.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { CONTEXT } from '../../fakes/steps.ts';
import { T0, aFinding } from '../../fakes/tokens.ts';

const URL = 'https://example.com/keyturn/runbook.md';
const PAGE = { ...CONTEXT, runbookUrl: URL };
const CHANGES = FindingFact.shape.change.options;

function aReminder(change: Partial<FindingFact> = {}): Reminder {
  return { type: 'reminder', id: 'r', at: T0 + 4 * HOUR, step: 1, finding: aFinding(change) };
}

describe('the text of an alert', () => {
  it('says what, the impact, what to do, when it gets worse and where to read on', () => {
    const { subject, text } = findingWords(
      aFinding({ outlook: { at: T0 + 3 * DAY, becomes: 'expired' } }),
      PAGE,
    );
    assert.equal(subject, '[critical] gitlab token prod/billing/ci: Token expires soon');
    assert.equal(
      text,
      [
        'Token expires soon.',
        '',
        'What:       It expires on 2026-01-08 and was not rotated.',
        'Impact:     When it expires, the issuer rejects every consumer of this token.',
        'What to do: Find out why it was not rotated (other findings of this token say), then run ' +
          '`keyturn rotate`.',
        'Gets worse: The token expires on 2026-01-08T09:00:00Z.',
        'Look first: npx --no keyturn show prod/billing/ci --installation main --region eu-west-1',
        'Then:       npx --no keyturn rotate prod/billing/ci --installation main --region eu-west-1',
        'Runbook:    https://example.com/keyturn/runbook.md#runbook-token-expiring',
        'Secret:     https://eu-west-1.console.aws.amazon.com/secretsmanager/secret?name=prod%2Fbilling%2Fci',
        '',
        'Token:       prod/billing/ci',
        'Issuer:      gitlab',
        'Owner:       team-billing',
        'Environment: production',
        'Severity:    critical',
        'Seen at:     2026-01-05T09:00:00Z',
      ].join('\n'),
    );
  });

  it('says when a warning becomes critical, or that nothing happens by itself', () => {
    assert.match(
      findingWords(aFinding({ severity: 'warning', outlook: { at: T0, becomes: 'critical' } }), PAGE).text,
      /^Gets worse: It becomes critical on 2026-01-05T09:00:00Z\.$/m,
    );
    assert.match(
      findingWords(aFinding({ severity: 'warning' }), PAGE).text,
      /^Gets worse: Not by itself\.$/m,
    );
    assert.match(
      findingWords(aFinding(), PAGE).text,
      /^Gets worse: It stays critical until a person acts\.$/m,
    );
  });

  it(
    'names the section of the runbook that Keyturn came with where the settings name no page, and leaves ' +
      'out a fragment that they name',
    () => {
      assert.match(
        findingWords(aFinding(), CONTEXT).text,
        /^Runbook: {4}docs\/runbook\.md#runbook-token-expiring$/m,
      );
      assert.match(
        findingWords(aFinding(), { ...CONTEXT, runbookUrl: `${URL}#top` }).text,
        /keyturn\/runbook\.md#runbook-token-expiring$/m,
      );
    },
  );

  it('says that it is over', () => {
    const { subject, text } = findingWords(aFinding({ change: 'resolved', detail: 'It was rotated.' }), PAGE);
    assert.equal(subject, '[resolved] gitlab token prod/billing/ci: Token expires soon');
    assert.match(
      text,
      /^This is over: Token expires soon\.\n\nWhat: {7}It was rotated\.\nWhat to do: Nothing\.\n/,
    );
  });

  for (const kind of FINDING_KINDS.options)
    for (const change of CHANGES)
      it(`has every part it needs: ${kind}, ${change}`, () => {
        const { subject, text } = findingWords(aFinding({ kind, change, subject: 'gitlab/7' }), CONTEXT);
        const rule = FINDING_RULES[kind];
        const parts =
          change === 'resolved'
            ? ['What:', 'What to do: Nothing.']
            : [
                'What:',
                `Impact:     ${rule.impact}`,
                `What to do: ${rule.action}`,
                'Gets worse:',
                `Runbook:    docs/runbook.md#${rule.runbook}`,
              ];
        for (const part of [...parts, 'Token:', 'Owner:', 'Severity:'])
          assert.ok(
            text.split('\n').some((line) => line.startsWith(part)),
            part,
          );
        assert.ok(text.split('\n').length <= 25);
        assert.ok(subject.endsWith(rule.title));
      });

  it('stays within what mail and SNS bear, whatever the names', () => {
    const anyFact = fc
      .record({
        kind: fc.constantFrom(...FINDING_KINDS.options),
        change: fc.constantFrom(...CHANGES),
        severity: fc.constantFrom(...Severity.options),
        name: fc.stringMatching(/^[\w/+=.@-]{1,512}$/),
        subject: fc.string({ maxLength: 300 }),
        detail: fc.string({ maxLength: 4_000 }),
      })
      .map((change) => aFinding(change));
    fc.assert(
      fc.property(anyFact, (fact) => {
        for (const { subject, text } of [
          findingWords(fact, PAGE),
          reminderWords({ ...aReminder(), finding: fact }, PAGE),
        ]) {
          assert.ok(subject.length < 100 && !/[\r\n]/.test(subject), subject);
          assert.ok(subject.endsWith(FINDING_RULES[fact.kind].title), 'the title is never cut');
          assert.ok(text.split(/[\r\n]/).length <= 25);
        }
      }),
    );
  });
});

describe('the text of a reminder', () => {
  it('says for how long no person acted, and how to stop it', () => {
    const { subject, text } = reminderWords(aReminder(), PAGE);
    assert.equal(subject, '[still open] gitlab token prod/billing/ci: Token expires soon');
    assert.match(
      text,
      /^Token expires soon\. This is critical, open for 4h and not acknowledged \(reminder 1\)\.\nTo stop the reminders: npx --no keyturn ack prod\/billing\/ci token-expiring --installation main --region eu-west-1\n\nWhat: /,
    );
    const own = aFinding({
      tokenId: 'installation',
      name: 'Keyturn main',
      kind: 'alert-subscription-unhealthy',
    });
    assert.match(
      reminderWords({ ...aReminder(), finding: own }, PAGE).text,
      /^To stop the reminders: npx --no keyturn ack installation alert-subscription-unhealthy --installation main --region eu-west-1$/m,
    );
  });
});

describe('the attributes', () => {
  it('are what subscriptions choose by', () => {
    const expected = {
      severity: 'critical',
      kind: 'token-expiring',
      change: 'opened',
      issuer: 'gitlab',
      owner: 'team-billing',
      environment: 'production',
    };
    assert.deepEqual(attributesOf(aFinding()), expected);
    assert.deepEqual(attributesOf(aReminder()), { ...expected, change: 'reminder' });
  });

  it('of a digest name its owner and the worst in it', () => {
    const digest = {
      type: 'digest' as const,
      id: 'd',
      at: T0,
      owner: 'team',
      open: [aFinding({ severity: 'info' })],
      over: [],
      passed: [],
      counts: { open: 1, over: 0, passed: 0 },
    };
    assert.deepEqual(attributesOf(digest), {
      severity: 'info',
      kind: 'digest',
      change: 'digest',
      issuer: '',
      owner: 'team',
      environment: '',
    });
    assert.equal(attributesOf({ ...digest, over: [aFinding({ severity: 'warning' })] }).severity, 'warning');
  });
});
