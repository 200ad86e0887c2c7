import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HEALTH_RULES } from '../../../../functions/core/findings/rules/health.ts';
import { FINDING_KINDS } from '../../../../functions/core/findings/findings.ts';

test('each finding after a health signal is a kind of its own with a section in the runbook', () => {
  for (const [kind, rule] of Object.entries(HEALTH_RULES)) {
    assert.ok(FINDING_KINDS.safeParse(kind).success, kind);
    assert.equal(rule.runbook, `runbook-${kind}`);
  }
});
