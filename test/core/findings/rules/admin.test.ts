import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADMIN_RULES } from '../../../../functions/core/findings/rules/admin.ts';
import { FINDING_KINDS } from '../../../../functions/core/findings/findings.ts';

test('each finding about admin credentials is a kind of its own with a section in the runbook', () => {
  for (const [kind, rule] of Object.entries(ADMIN_RULES)) {
    assert.ok(FINDING_KINDS.safeParse(kind).success, kind);
    assert.equal(rule.runbook, `runbook-${kind}`);
  }
});
