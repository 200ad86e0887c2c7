import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TAG_RULES } from '../../../../functions/core/findings/rules/tags.ts';
import { FINDING_KINDS } from '../../../../functions/core/findings/findings.ts';

test('findings about tags are kinds of their own, and each has its own section in the runbook', () => {
  for (const [kind, rule] of Object.entries(TAG_RULES)) {
    assert.ok(FINDING_KINDS.safeParse(kind).success, kind);
    assert.equal(rule.runbook, `runbook-${kind}`);
  }
});
