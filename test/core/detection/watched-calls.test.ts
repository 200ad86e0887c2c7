import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DENIED,
  WATCHED,
  WATCHED_DENIED,
  deedOf,
  isDenial,
} from '../../../functions/core/detection/watched-calls.ts';

test('every watched call has a deed, and no other has', () => {
  for (const table of [WATCHED, WATCHED_DENIED])
    for (const [source, calls] of Object.entries(table))
      for (const [name, deed] of Object.entries(calls)) assert.equal(deedOf(source, name), deed);
  assert.equal(deedOf('secretsmanager.amazonaws.com', 'DisableKey'), undefined);
});

test('a denial is known by how its code begins', () => {
  for (const code of DENIED) assert.deepEqual([isDenial(code), isDenial(`${code}Exception`)], [true, true]);
  for (const code of [undefined, null, '', 'ResourceNotFoundException', 'ThrottlingException'])
    assert.equal(isDenial(code), false);
});
