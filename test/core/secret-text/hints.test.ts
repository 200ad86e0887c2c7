import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hintsIn } from '../../../functions/core/secret-text/hints.ts';
import { objectIn } from '../../../functions/core/secret-text/spans.ts';
import { PATTERN, TOKEN } from './texts.ts';

const hints = (value: unknown, pattern?: RegExp): string[] =>
  hintsIn(objectIn(JSON.stringify(value)), pattern).map((path) => path.join('.'));

describe('where a token seems to stand', () => {
  it('is told by the pattern where it fits, else by names', () => {
    assert.deepEqual(hints({ secret: 'x', ci: { job: TOKEN } }, PATTERN), ['ci.job']);
    assert.deepEqual(hints({ url: 'x', API_KEY: 'x', user: 'x', deep: { password: 'x' } }), [
      'API_KEY',
      'deep.password',
    ]);
    assert.deepEqual(hints({ url: 'x', user: 'x', token: 7 }), []);
    assert.equal(hints({ a_token: '', b_token: '', c_token: '', d_token: '' }).length, 3);
    assert.deepEqual(hints({ a: { b: { c: { d: { token: 'x' } } } } }), [], 'not from any depth');
  });

  it('is never told by a key that could be a value', () => {
    assert.deepEqual(
      hints({ [TOKEN]: 'x', token0: 'x', 'my-token': 'x', ['t'.repeat(40)]: TOKEN }, PATTERN),
      [],
    );
    assert.deepEqual(hints({ tokenabcdefghijklmnopqrstuvw: 'x' }, /token[a-z]{20}/), []);
  });
});
