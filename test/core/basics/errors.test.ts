import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ERROR_RULES, type ErrorCode } from '../../../functions/core/basics/error-rules.ts';
import { KeyturnError, isRetryable } from '../../../functions/core/basics/errors.ts';

describe('errors', () => {
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
});
