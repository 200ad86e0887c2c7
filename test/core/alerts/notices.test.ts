import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Notice, revisionOf } from '../../../functions/core/alerts/notices.ts';
import { T0, aFinding, aLifecycleFact } from '../../fakes/tokens.ts';

test('an entry that waits is another after each step and each reminder', () => {
  const entry = {
    key: 'k',
    dueAt: T0,
    first: { sequence: 1, change: 'opened' as const },
    finding: aFinding(),
    steps: 0,
  };
  const states = [entry, { ...entry, steps: 1 }, { ...entry, finding: aFinding({ sequence: 2 }) }];
  assert.equal(new Set(states.map(revisionOf)).size, 3);
});

test('nothing goes over the topic but findings, digests and reminders', () => {
  assert.equal(Notice.safeParse(aFinding()).success, true);
  assert.equal(Notice.safeParse(aLifecycleFact()).success, false);
});
