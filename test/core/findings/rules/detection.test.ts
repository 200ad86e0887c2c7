import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DETECTION_RULES } from '../../../../functions/core/findings/rules/detection.ts';
import { FINDING_KINDS } from '../../../../functions/core/findings/findings.ts';

test('findings of detection are kinds of their own, and each has its own section in the runbook', () => {
  for (const [kind, rule] of Object.entries(DETECTION_RULES)) {
    assert.ok(FINDING_KINDS.safeParse(kind).success, kind);
    assert.equal(rule.runbook, `runbook-${kind}`);
  }
});
