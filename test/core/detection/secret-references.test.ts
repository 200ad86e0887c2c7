import assert from 'node:assert/strict';
import { test } from 'node:test';
import { referenceOf } from '../../../functions/core/detection/secret-references.ts';
import { ARN, HOME } from '../../detect/events.ts';

test('secrets are named in three ways, and an ARN of another account matches none here', () => {
  const at = { account: HOME.account, region: HOME.region };
  assert.deepEqual(referenceOf(ARN, at, at.region), { tokenId: 'prod/billing/ci-AbC123', ask: ARN });
  assert.deepEqual(referenceOf(ARN.slice(0, -7), at, at.region), {
    tokenId: undefined,
    ask: ARN.slice(0, -7),
  });
  assert.deepEqual(referenceOf('prod/billing/ci', at, at.region), {
    tokenId: undefined,
    ask: 'prod/billing/ci',
  });
  assert.deepEqual(referenceOf('prod/billing/ci', at, 'us-east-1'), { tokenId: undefined, ask: undefined });
  assert.deepEqual(referenceOf(ARN.replace('eu-west-1', 'us-east-1'), at, 'us-east-1'), {
    tokenId: 'prod/billing/ci-AbC123',
    ask: undefined,
  });
  assert.deepEqual(referenceOf(ARN.replace('111122223333', '444455556666'), at, at.region), {
    tokenId: undefined,
    ask: undefined,
  });
});
