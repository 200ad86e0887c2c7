import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as z from 'zod';
import { kept, keptApart } from '../../functions/core/basics/record.ts';
import { membersOf } from '../../lib/docs/interface/schema-members.ts';

describe('members of what is stored', () => {
  test('have a path and a type, inside of lists and objects too', () => {
    const schema = kept({
      id: z.string(),
      at: z.number().optional(),
      list: z.array(kept({ handle: z.string() })).readonly(),
    });
    assert.deepEqual(membersOf(schema), {
      id: 'string',
      at: 'number',
      list: 'array',
      'list[]': 'object',
      'list[].handle': 'string',
    });
  });

  test('have their words as entries of their own', () => {
    assert.deepEqual(membersOf(kept({ state: z.enum(['on', 'off']), type: z.literal('one') })), {
      state: 'string',
      'state = on': 'word',
      'state = off': 'word',
      type: 'string',
      'type = one': 'word',
    });
  });

  test('of alternatives are there, all of them', () => {
    const choice = z.discriminatedUnion('type', [
      kept({ type: z.literal('one'), a: z.string() }),
      kept({ type: z.literal('two'), b: z.number() }),
    ]);
    assert.deepEqual(membersOf(choice), {
      type: 'string',
      'type = one': 'word',
      'type = two': 'word',
      a: 'string',
      b: 'number',
    });
  });

  test('that may be of two types have both', () => {
    assert.deepEqual(membersOf(kept({ grace: z.union([z.string(), z.number()]) })), {
      grace: 'number or string',
    });
  });

  test('are seen behind what keeps unknown words apart', () => {
    const word = z.enum(['one']);
    assert.deepEqual(membersOf(keptApart(kept({ word }), { words: { word: { of: word, instead: {} } } })), {
      word: 'string',
      'word = one': 'word',
    });
  });
});
