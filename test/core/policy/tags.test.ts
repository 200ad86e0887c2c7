import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PolicyInput } from '../../../functions/core/policy/policy-input.ts';
import { TAGS } from '../../../functions/core/policy/tags.ts';

describe('tags', () => {
  it('have one tag for every field of a policy, and keys that AWS takes', () => {
    for (const field of Object.keys(PolicyInput.shape)) assert.ok(field in TAGS, field);
    const keys = Object.values(TAGS);
    assert.equal(new Set(keys).size, keys.length);
    for (const key of keys) assert.match(key, /^keyturn:[a-z][a-z-]+$/);
  });
});
