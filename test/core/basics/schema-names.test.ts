import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { namesAt } from '../../../functions/core/basics/schema-names.ts';

const SCHEMA: unknown = z.toJSONSchema(
  z.strictObject({
    one: z.array(z.strictObject({ two: z.string() })),
    map: z.record(z.string(), z.strictObject({ three: z.string() })),
    way: z.discriminatedUnion('is', [
      z.strictObject({ is: z.literal('a'), four: z.string() }),
      z.strictObject({ is: z.literal('b'), five: z.string() }),
    ]),
  }),
);

describe('the names that a schema knows', () => {
  it('are found in objects, lists, maps and in each of several forms', () => {
    assert.deepEqual(namesAt(SCHEMA, []), ['one', 'map', 'way']);
    assert.deepEqual(namesAt(SCHEMA, ['one', 0]), ['two']);
    assert.deepEqual(namesAt(SCHEMA, ['map', 'any']), ['three']);
    assert.deepEqual(namesAt(SCHEMA, ['way']), ['is', 'four', 'five']);
  });

  it('are none where there are none', () => {
    for (const path of [['odd'], ['one', 0, 'two'], ['way', 'four', 'x']])
      assert.deepEqual(namesAt(SCHEMA, path), []);
    assert.deepEqual(namesAt(undefined, []), []);
  });
});
