import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { FindingFact } from '../../functions/core/events.ts';
import { FINDING_KINDS, FINDING_RULES } from '../../functions/core/findings.ts';
import { alert, alertMessage, type AlertPorts } from '../../functions/use-cases/alert.ts';
import { MemoryInventory } from '../fakes/memory-inventory.ts';
import { recordingLog, recordingTopic, type RecordingTopic } from '../fakes/recorders.ts';
import { T0, aFinding } from '../fakes/tokens.ts';

const RUNBOOK = 'https://example.com/keyturn/README.md';

function ports(change: Partial<AlertPorts> = {}): AlertPorts & { topic: RecordingTopic } {
  return { ledger: new MemoryInventory(), log: recordingLog(), now: () => T0, runbookUrl: RUNBOOK, ...change, topic: recordingTopic() };
}

describe('alert', () => {
  it('tells each step of a finding once, whatever is delivered twice', async () => {
    const world = ports();
    const steps = [aFinding(), aFinding({ change: 'escalated', sequence: 2 }), aFinding({ change: 'resolved', sequence: 3 })];
    for (const step of steps.flatMap((step) => [step, step])) await alert(step, world);
    assert.deepEqual(world.topic.messages.map(({ fact }) => fact), steps);
  });

  it('says nothing of a step that comes after a later one was told', async () => {
    const world = ports();
    await alert(aFinding({ change: 'resolved', sequence: 2 }), world);
    await alert(aFinding({ sequence: 1 }), world);
    assert.deepEqual(world.topic.messages.map(({ attributes }) => attributes.change), ['resolved']);
  });

  it('keeps findings apart by token, kind and subject', async () => {
    const world = ports();
    const facts = [aFinding(), aFinding({ kind: 'expired' }), aFinding({ subject: 'gitlab/7' }), aFinding({ tokenId: 'other-AbC123' })];
    for (const fact of facts) await alert(fact, world);
    assert.equal(world.topic.messages.length, 4);
  });

  it('tells again when it died before it could note that it had told', async () => {
    const ledger = new MemoryInventory();
    const world = ports({ ledger: { told: (key) => ledger.told(key), tell: () => Promise.reject(new Error('crash')) } });
    await assert.rejects(alert(aFinding(), world), /crash/);
    await assert.rejects(alert(aFinding(), world), /crash/);
    assert.equal(world.topic.messages.length, 2);
  });

  it('does not note a step that the topic did not take', async () => {
    const ledger = new MemoryInventory();
    const world = { ...ports({ ledger }), topic: { publish: () => Promise.reject(new Error('down')) } };
    await assert.rejects(alert(aFinding(), world), /down/);
    assert.equal(await ledger.told('keyturn/prod/billing/ci-AbC123/expiring'), 0);
  });
});

describe('the text of an alert', () => {
  it('says what, the impact, what to do and where to read on', () => {
    const { subject, text, attributes } = alertMessage(aFinding(), RUNBOOK);
    assert.equal(subject, '[critical] gitlab token prod/billing/ci: Token expires soon');
    assert.equal(
      text,
      [
        'Token expires soon.',
        '',
        'What:       It expires on 2026-01-08 and was not rotated.',
        'Impact:     When it expires, every consumer of this token is refused by the issuer.',
        'What to do: Find out why it was not rotated (other findings of this token say), then run `keyturn rotate`.',
        'Runbook:    https://example.com/keyturn/README.md#runbook-expiring',
        '',
        'Token:       prod/billing/ci',
        'Provider:    gitlab',
        'Owner:       team-billing',
        'Environment: production',
        'Severity:    critical',
        'Seen at:     2026-01-05T09:00:00Z',
      ].join('\n'),
    );
    assert.deepEqual(attributes, { severity: 'critical', kind: 'expiring', change: 'opened', provider: 'gitlab', owner: 'team-billing', environment: 'production' });
  });

  it('names the section of the README where the settings name no page, and leaves out a fragment that they name', () => {
    assert.match(alertMessage(aFinding()).text, /^Runbook: {4}README\.md#runbook-expiring$/m);
    assert.match(alertMessage(aFinding(), `${RUNBOOK}#top`).text, /README\.md#runbook-expiring$/m);
  });

  it('says that it is over', () => {
    const { subject, text } = alertMessage(aFinding({ change: 'resolved', detail: 'It was rotated.' }), RUNBOOK);
    assert.equal(subject, '[resolved] gitlab token prod/billing/ci: Token expires soon');
    assert.match(text, /^This is over: Token expires soon\.\n\nWhat: {7}It was rotated\.\nWhat to do: Nothing\.\n/);
  });

  it('stays within what mail and SNS bear, for every kind and any names', () => {
    const anyFact: fc.Arbitrary<FindingFact> = fc
      .record({
        kind: fc.constantFrom(...FINDING_KINDS.options),
        change: fc.constantFrom('opened' as const, 'escalated' as const, 'resolved' as const),
        severity: fc.constantFrom('info' as const, 'warning' as const, 'critical' as const),
        name: fc.stringMatching(/^[\w/+=.@-]{1,512}$/),
        subject: fc.string({ maxLength: 300 }),
        detail: fc.string({ maxLength: 4_000 }),
      })
      .map((change) => aFinding(change));
    fc.assert(
      fc.property(anyFact, (fact) => {
        const { subject, text } = alertMessage(fact, RUNBOOK);
        assert.ok(subject.length < 100 && !/[\r\n]/.test(subject), subject);
        assert.ok(subject.endsWith(FINDING_RULES[fact.kind].title), 'the title is never cut');
        assert.ok(text.split(/[\r\n]/).length <= 25);
      }),
    );
  });
});
