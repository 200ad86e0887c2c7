import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FINDING_KINDS } from '../../../../functions/core/findings/findings.ts';
import { PEOPLE_RULES } from '../../../../functions/core/findings/rules/people.ts';

test('each request to people says where the steps are, and has a section in the runbook', () => {
  for (const [kind, rule] of Object.entries(PEOPLE_RULES)) {
    assert.ok(FINDING_KINDS.safeParse(kind).success, kind);
    assert.equal(rule.runbook, `runbook-${kind}`);
    assert.match(rule.action, /`keyturn issuer show` prints each step/);
  }
});
