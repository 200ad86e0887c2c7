import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outsidersIn } from '../../../functions/core/detection/policy-principals.ts';

const ACCOUNT = '111122223333';

function who(...statements: readonly object[]): readonly string[] | 'not known' {
  const found = outsidersIn(JSON.stringify({ Version: '2012-10-17', Statement: statements }), ACCOUNT);
  return found.known ? found.who : 'not known';
}

test('others are whoever is not of the account, in each form in which a policy names principals', () => {
  const allow = (Principal: unknown): object => ({ Effect: 'Allow', Principal, Action: '*', Resource: '*' });
  assert.deepEqual(who(allow({ AWS: '999988887777' })), ['999988887777']);
  assert.deepEqual(who(allow({ AWS: ['arn:aws:iam::999988887777:root', `arn:aws:iam::${ACCOUNT}:root`] })), [
    '999988887777',
  ]);
  assert.deepEqual(who(allow({ AWS: 'arn:aws-cn:sts::999988887777:assumed-role/x/y' })), ['999988887777']);
  assert.deepEqual(who(allow('*')), ['*']);
  assert.deepEqual(who(allow({ AWS: '*' })), ['*']);
  assert.deepEqual(
    who({ Effect: 'Allow', NotPrincipal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: '*' }),
    ['*'],
  );
  assert.deepEqual(who(allow({ AWS: 'AIDAEXAMPLE' })), ['AIDAEXAMPLE']);
  assert.deepEqual(who(allow({ Service: 'lambda.amazonaws.com' }), allow({ AWS: ACCOUNT })), []);
  assert.deepEqual(who({ Effect: 'Deny', Principal: '*', Action: '*' }), []);
});

test('one statement need not stand in a list', () => {
  const found = outsidersIn(
    JSON.stringify({ Statement: { Effect: 'Allow', Principal: '*', Action: '*' } }),
    ACCOUNT,
  );
  assert.deepEqual(found, { known: true, who: ['*'] });
});

test('what is no policy is unknown, never empty', () => {
  for (const text of [
    undefined,
    null,
    '',
    'HIDDEN_DUE_TO_SECURITY_REASONS',
    '[]',
    '{}',
    '{"Statement":["x"]}',
    '{"Statement":[{"Effect":"Allow","Principal":7}]}',
  ])
    assert.deepEqual(outsidersIn(text, ACCOUNT), { known: false }, String(text));
});
