import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WATCHED, deedOf } from '../../../functions/core/detection/watched.ts';

test('every watched call has a deed, and no other has', () => {
  for (const [source, calls] of Object.entries(WATCHED)) for (const [name, deed] of Object.entries(calls)) assert.equal(deedOf(source, name), deed);
  assert.equal(deedOf('secretsmanager.amazonaws.com', 'DisableKey'), undefined);
});
