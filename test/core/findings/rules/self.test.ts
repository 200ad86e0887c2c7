import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FINDING_KINDS } from '../../../../functions/core/findings/findings.ts';
import { SELF_RULES } from '../../../../functions/core/findings/rules/self.ts';

test('each finding about Keyturn itself is a kind of its own with a section in the runbook', () => {
  for (const [kind, rule] of Object.entries(SELF_RULES)) {
    assert.ok(FINDING_KINDS.safeParse(kind).success, kind);
    assert.equal(rule.runbook, `runbook-${kind}`);
  }
});
