import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { permissionsIn, type Permissions } from './permissions.ts';
import { ALL_ISSUERS, synthesised } from './synth.ts';

const NAME = 'keyturn-main-submitter-eu-central-1';

describe('the policy of people who submit values', () => {
  it('is there with an issuer whose values people create, for its secrets alone', () => {
    const made = synthesised({ issuers: { github: {}, gitlab: {} } });
    const [, policy] = made.named('AWS::IAM::ManagedPolicy', 'ManagedPolicyName', NAME);
    const expected: Permissions = {
      '*': 'secretsmanager:DescribeSecret secretsmanager:ListSecrets',
      'secret:* if tag installation=main and tag issuer=github': 'secretsmanager:PutSecretValue',
    };
    assert.deepEqual(permissionsIn(made, [policy.Properties['PolicyDocument']]), expected);
  });

  it('is there with no other', () => {
    const made = synthesised({ issuers: ALL_ISSUERS });
    assert.ok(
      !made
        .of('AWS::IAM::ManagedPolicy')
        .some(([, one]) => made.text(one.Properties['ManagedPolicyName']) === NAME),
    );
  });
});
