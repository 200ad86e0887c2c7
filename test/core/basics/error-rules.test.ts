import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ERROR_RULES } from '../../../functions/core/basics/error-rules.ts';

describe('the rule of an error', () => {
  for (const [code, rule] of Object.entries(ERROR_RULES))
    it(`${code} says in a sentence what to do`, () => {
      assert.match(code, /^[a-z]+(-[a-z]+)*$/);
      assert.match(rule.advice, /^[A-Z].{15,}\.$/);
    });

  it('never asks a person to fix what is to be repeated by itself', () => {
    for (const [code, rule] of Object.entries(ERROR_RULES))
      if (rule.who === 'owner' || rule.who === 'operator') assert.equal(rule.retry, false, code);
  });
});
