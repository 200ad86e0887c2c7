import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { inOrder, type Access } from '../../../functions/core/detection/access.ts';
import { ARN, aRead, accesses, sessionOf } from '../../detect/events.ts';

function only(change: Parameters<typeof accesses>[0] = {}): Access {
  const [one, ...more] = accesses(change);
  assert.ok(one !== undefined && more.length === 0);
  return one;
}

test('a read tells who, what, which, whence and with what, and nothing of the session', () => {
  assert.deepEqual({ ...only({ eventID: 'e' }) }, {
    id: 'e', at: Date.UTC(2026, 0, 5, 9), deed: 'read', isDenied: false, target: ARN, principal: 'role/app/web', role: 'role/app/web', isForeign: false, isOwn: false,
    network: '203.0.0.0/16', region: 'eu-west-1', agent: 'aws-sdk-js', versionId: undefined, stage: undefined, rotationFunction: undefined,
  });
  assert.equal(only({ userIdentity: sessionOf('app/web', 'i-another') }).principal, 'role/app/web');
});

test('only calls that gave something, or were denied, count; a batch counts by its single reads', () => {
  assert.deepEqual(accesses({ errorCode: 'ResourceNotFoundException' }), []);
  assert.equal(only({ errorCode: 'AccessDenied', errorMessage: 'no' }).isDenied, true);
  assert.deepEqual(accesses({ eventName: 'BatchGetSecretValue', requestParameters: { secretIdList: ['a', 'b'] } }), []);
  assert.deepEqual(accesses({ eventName: 'BatchGetSecretValue', errorCode: 'AccessDenied', requestParameters: { secretIdList: ['a', 'b'] } }).map((one) => one.target), ['a', 'b']);
  assert.deepEqual(accesses({ eventName: 'DescribeSecret' }), []);
  assert.deepEqual(accesses({ requestParameters: null }), []);
  assert.equal(only({ requestParameters: { secretId: 'billing', versionStage: 'AWSPREVIOUS' } }).stage, 'AWSPREVIOUS');
});

test('of the two copies of a call between accounts one counts: that of the owner', () => {
  const userIdentity = sessionOf('reader', 's', '444455556666');
  assert.deepEqual(accesses({ userIdentity, recipientAccountId: '444455556666', sharedEventID: 'shared' }), []);
  assert.equal(only({ userIdentity, sharedEventID: 'shared', eventID: 'x' }).id, 'shared');
});

test('the order of accesses does not depend on the order in which they came, nor on how often', () => {
  const some = Array.from({ length: 6 }, (_, index) => aRead({ id: `e${index}`, at: 1_000 * (index % 3) }));
  const expected = ['e0', 'e3', 'e1', 'e4', 'e2', 'e5'];
  fc.assert(fc.property(fc.shuffledSubarray(some, { minLength: 6 }), (shuffled) => assert.deepEqual(inOrder([...shuffled, ...shuffled]).map((one) => one.id), expected)));
});
