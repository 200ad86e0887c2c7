import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  ERROR_RULES,
  KeyturnError,
  isRetryable,
  type ErrorCode,
} from '../../../functions/core/basics/errors.ts';

describe('errors', () => {
  for (const [code, rule] of Object.entries(ERROR_RULES))
    it(`${code} says in a sentence what to do`, () => {
      assert.match(code, /^[a-z]+(-[a-z]+)*$/);
      assert.match(rule.advice, /^[A-Z].{15,}\.$/);
    });

  it('keep code, message and cause', () => {
    const cause = new TypeError('inner');
    const error = new KeyturnError('conflict', 'It changed.', { cause });
    assert.deepEqual(
      [error.name, error.code, error.message, error.cause, error instanceof Error],
      ['KeyturnError', 'conflict', 'It changed.', cause, true],
    );
    assert.equal(error.rule, ERROR_RULES.conflict);
  });

  it('may pass by themselves exactly where their rule says so', () => {
    for (const code of Object.keys(ERROR_RULES) as ErrorCode[])
      assert.equal(isRetryable(new KeyturnError(code, 'x')), ERROR_RULES[code].retry);
  });

  it('that are not ours may pass', () => {
    for (const error of [new Error('x'), new TypeError('fetch failed'), 'text', undefined])
      assert.equal(isRetryable(error), true);
  });

  it('never ask a person to mend what is to be repeated by itself', () => {
    for (const [code, rule] of Object.entries(ERROR_RULES))
      if (rule.who === 'owner' || rule.who === 'operator') assert.equal(rule.retry, false, code);
  });
});
