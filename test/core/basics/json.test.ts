import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseJson } from '../../../functions/core/basics/json.ts';

test('JSON text is read, and what is none is undefined, without an error that would quote it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) =>
      assert.deepEqual(parseJson(JSON.stringify(value)), JSON.parse(JSON.stringify(value))),
    ),
  );
  for (const text of ['', '{', 'glpat-secret', '{"a":1}x', 'undefined'])
    assert.equal(parseJson(text), undefined);
});
