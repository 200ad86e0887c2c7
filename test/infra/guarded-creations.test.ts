import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { permissionsOf } from './permissions.ts';
import { synthesised } from './synth.ts';

const TABLE = 'dynamodb:keyturn-main';

describe('what a rotation reads of other tokens', () => {
  const made = synthesised({ issuers: { auth0: {}, github: {}, okta: {} } });
  const reads = (id: string): string | undefined => permissionsOf(made, `keyturn-main-rotate-${id}`)[TABLE];

  it('is who holds a value, where a creation ends the one before: the guard is asked there', () => {
    assert.equal(reads('auth0'), 'dynamodb:DescribeTable dynamodb:GetItem dynamodb:Query');
  });

  it('is who holds a value that a person submitted', () => {
    assert.equal(reads('github'), 'dynamodb:GetItem dynamodb:Query');
  });

  it('is nothing of theirs at any other issuer', () => {
    assert.equal(reads('okta'), 'dynamodb:GetItem');
  });
});
