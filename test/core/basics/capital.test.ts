import assert from 'node:assert/strict';
import { it } from 'node:test';
import { capital } from '../../../functions/core/basics/capital.ts';

it('makes the first letter a capital, and leaves the rest as it is', () => {
  assert.deepEqual(['a token of Okta', 'GitLab', 'é', ''].map(capital), [
    'A token of Okta',
    'GitLab',
    'É',
    '',
  ]);
});
