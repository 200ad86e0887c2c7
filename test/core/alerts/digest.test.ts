import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { digestWords, dueDigests, joined } from '../../../functions/core/alerts/digest.ts';
import type { FindingFact } from '../../../functions/core/findings/events.ts';
import { Digest, type Waiting } from '../../../functions/core/alerts/notices.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { CONTEXT } from '../../fakes/steps.ts';
import { T0, aFinding } from '../../fakes/tokens.ts';

function step(sequence: number, change: FindingFact['change'], more: Partial<FindingFact> = {}): FindingFact {
  return aFinding({ severity: 'warning', sequence, change, at: T0 + sequence, ...more });
}

function waitingAfter(...steps: FindingFact[]): Waiting {
  const entry = steps.reduce<Waiting | undefined>(
    (known, one) => joined(known, one, T0 + HOUR) ?? known,
    undefined,
  );
  assert.ok(entry);
  return entry;
}

function digestOf(...entries: Waiting[]): Digest {
  const [due] = dueDigests(entries, T0 + HOUR);
  assert.ok(due);
  return due.digest;
}

describe('what waits', () => {
  it('is the same in whatever order its steps come, and however often', () => {
    const steps = [step(1, 'opened'), step(2, 'escalated'), step(3, 'resolved')];
    const inOrder = waitingAfter(...steps);
    assert.deepEqual([inOrder.first.change, inOrder.finding.change], ['opened', 'resolved']);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(steps, { minLength: 3 }),
        fc.constantFrom(...steps),
        (shuffled, again) => {
          assert.deepEqual(waitingAfter(...shuffled, again), inOrder);
        },
      ),
    );
    assert.equal(joined(inOrder, step(3, 'resolved'), T0), undefined);
  });

  it('is told when the first of it is due', () => {
    const known = joined(undefined, step(1, 'opened'), T0 + HOUR);
    assert.equal(joined(known, step(2, 'escalated'), T0 + 2 * HOUR)?.dueAt, T0 + HOUR);
  });
});

describe('a digest', () => {
  it('tells apart what is open, what is over, and what opened and was over before anybody heard', () => {
    const open = waitingAfter(step(1, 'opened'));
    const passed = waitingAfter(
      step(1, 'opened', { kind: 'credential-orphaned' }),
      step(2, 'resolved', { kind: 'credential-orphaned' }),
    );
    const over = waitingAfter(step(2, 'resolved', { kind: 'previous-credential-in-use' }));
    const again = waitingAfter(
      step(2, 'resolved', { kind: 'credential-limit-reached' }),
      step(3, 'opened', { kind: 'credential-limit-reached' }),
    );
    const digest = digestOf(open, passed, over, again);
    assert.deepEqual(
      digest.open.map(({ kind }) => kind),
      ['token-expiring', 'credential-limit-reached'],
    );
    assert.deepEqual(
      digest.passed.map(({ kind }) => kind),
      ['credential-orphaned'],
    );
    assert.deepEqual(
      digest.over.map(({ kind }) => kind),
      ['previous-credential-in-use'],
    );
    const { subject, text } = digestWords(digest, CONTEXT);
    assert.equal(subject, '[digest] 2 open, 2 over: tokens of team-billing');
    assert.deepEqual(
      text.split('\n').filter((line) => line.startsWith('[')),
      [
        '[warning] prod/billing/ci: Token expires soon (token-expiring)',
        '[warning] prod/billing/ci: Rotation waits for a free slot (credential-limit-reached)',
        '[opened and over] prod/billing/ci: A lost credential of this installation was found ' +
          '(credential-orphaned)',
        '[over] prod/billing/ci: Consumers still use the old credential (previous-credential-in-use)',
      ],
    );
  });

  it('of few open findings says of each all that a mail of its own would', () => {
    const { text } = digestWords(
      digestOf(waitingAfter(step(1, 'opened', { outlook: { at: T0 + 9 * DAY, becomes: 'critical' } }))),
      { ...CONTEXT, runbookUrl: 'https://wiki.example.com/k' },
    );
    assert.equal(
      text,
      [
        'None of this is critical: that is told at once.',
        '',
        '[warning] prod/billing/ci: Token expires soon (token-expiring)',
        '  What:       It expires on 2026-01-08 and was not rotated.',
        '  Impact:     When it expires, the issuer rejects every consumer of this token.',
        '  What to do: Find out why it was not rotated (other findings of this token say), then run ' +
          '`keyturn rotate`.',
        '  Gets worse: It becomes critical on 2026-01-14T09:00:00Z.',
        '  Look first: npx --no keyturn show prod/billing/ci --installation main --region eu-west-1',
        '  Then:       npx --no keyturn rotate prod/billing/ci --installation main --region eu-west-1',
        '  Runbook:    https://wiki.example.com/k#runbook-token-expiring',
        '  Secret:     ' +
          'https://eu-west-1.console.aws.amazon.com/secretsmanager/secret?name=prod%2Fbilling%2Fci',
        '',
        'Look first: npx --no keyturn status --owner=team-billing --installation main --region eu-west-1',
        'Runbook:    https://wiki.example.com/k',
        'Owner:      team-billing',
      ].join('\n'),
    );
  });

  it('is at most 25 lines, and leaves nothing out without saying so', () => {
    for (let open = 0; open < 6; open++)
      for (let over = open === 0 ? 1 : 0; over < 20; over += 3) {
        const one =
          (change: 'opened' | 'resolved') =>
          (_: unknown, index: number): Waiting =>
            waitingAfter(step(1, change, { tokenId: `${change}${index}` }));
        const { text } = digestWords(
          digestOf(
            ...Array.from({ length: open }, one('opened')),
            ...Array.from({ length: over }, one('resolved')),
          ),
          CONTEXT,
        );
        const lines = text.split('\n');
        const more = Number(/^and (\d+) more$/m.exec(text)?.[1] ?? 0);
        assert.ok(lines.length <= 25, text);
        assert.equal(lines.filter((line) => line.startsWith('[')).length + more, open + over);
        assert.equal(
          lines.filter((line) => line.startsWith('  Impact:')).length,
          open <= 2 && lines.some((line) => line.startsWith('  What:')) ? open : 0,
        );
      }
  });

  it('is one for each owner of whom something is due, with all that waits for that owner', () => {
    const of = (owner: string, dueAt: number, kind: FindingFact['kind']): Waiting => ({
      ...waitingAfter(step(1, 'opened', { owner, kind })),
      dueAt,
    });
    const digests = dueDigests(
      [
        of('b', T0, 'token-expiring'),
        of('a', T0, 'credential-orphaned'),
        of('a', T0 + HOUR, 'previous-credential-in-use'),
        of('c', T0 + 1, 'credential-orphaned'),
      ],
      T0,
    );
    assert.deepEqual(
      digests.map(({ digest, entries }) => [digest.owner, digest.counts.open, entries.length]),
      [
        ['a', 2, 2],
        ['b', 1, 1],
      ],
    );
  });

  it('of very many findings stays within a mail and a message, the worst first', () => {
    const many = Array.from({ length: 500 }, (_, index) =>
      waitingAfter(
        step(1, 'opened', {
          tokenId: `t${index}`,
          name: 'x'.repeat(512),
          detail: 'd'.repeat(5_000),
          severity: index === 499 ? 'warning' : 'info',
        }),
      ),
    );
    const digest = Digest.parse(digestOf(...many));
    assert.equal(digest.open[0]?.severity, 'warning');
    const { subject, text } = digestWords(digest, CONTEXT);
    assert.ok(text.split('\n').length <= 25);
    assert.match(text, /^and 484 more$/m);
    assert.match(subject, /^\[digest\] 500 open/);
    assert.ok(JSON.stringify(digest).length + text.length < 200_000);
  });

  it('has a subject that SNS takes, whatever the owner is called', () => {
    assert.ok(
      digestWords(digestOf(waitingAfter(step(1, 'opened', { owner: 'o'.repeat(256) }))), CONTEXT).subject
        .length < 100,
    );
  });
});
