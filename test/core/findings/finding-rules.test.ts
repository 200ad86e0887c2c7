import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FINDING_KINDS } from '../../../functions/core/findings/findings.ts';
import { FINDING_RULES } from '../../../functions/core/findings/finding-rules.ts';

describe('the rules of findings', () => {
  for (const [kind, rule] of Object.entries(FINDING_RULES))
    it(`${kind} says what breaks, what to do and where to read on`, () => {
      assert.equal(rule.runbook, `runbook-${kind}`);
      for (const sentence of [rule.impact, rule.action]) assert.match(sentence, /^[A-Z].{15,}\.$/);
      assert.match(rule.title, /^[A-Z].{5,60}[^.]$/);
    });

  it('cover every kind', () =>
    assert.deepEqual(Object.keys(FINDING_RULES).toSorted(), FINDING_KINDS.options.toSorted()));
});
