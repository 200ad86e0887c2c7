import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FINDING_KINDS } from '../../../../functions/core/findings/findings.ts';
import { LEAK_RULES } from '../../../../functions/core/findings/rules/leaks.ts';

test('each finding about a leak is a kind of its own with a section in the runbook', () => {
  for (const [kind, rule] of Object.entries(LEAK_RULES)) {
    assert.ok(FINDING_KINDS.safeParse(kind).success, kind);
    assert.equal(rule.runbook, `runbook-${kind}`);
  }
});
