import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { inOrder, searchIn, type Access, type Search } from '../../../functions/core/detection/access.ts';
import { TrailEvent } from '../../../functions/core/detection/trail-event.ts';
import { ARN, HOME, aRead, accesses, rawEvent, sessionOf } from '../../detect/events.ts';

function only(change: Parameters<typeof accesses>[0] = {}): Access {
  const [one, ...more] = accesses(change);
  assert.ok(one !== undefined && more.length === 0);
  return one;
}

function search(change: Parameters<typeof rawEvent>[0]): Search | undefined {
  return searchIn(TrailEvent.parse(rawEvent(change)), HOME);
}

test('a read tells who, what, which, whence and with what, and nothing of the session', () => {
  assert.deepEqual(
    { ...only({ eventID: 'e' }) },
    {
      id: 'e',
      at: Date.UTC(2026, 0, 5, 9),
      deed: 'read',
      isDenied: false,
      target: ARN,
      principal: 'role/app/web',
      role: 'role/app/web',
      isForeign: false,
      isRoot: false,
      isOwn: false,
      network: '203.0.0.0/16',
      region: 'eu-west-1',
      agent: 'aws-sdk-js',
      versionId: undefined,
      stage: undefined,
      changes: [],
      rotationFunction: undefined,
      isForced: false,
    },
  );
  assert.equal(only({ userIdentity: sessionOf('app/web', 'i-another') }).principal, 'role/app/web');
});

test('only calls that gave something, or were denied, count; a batch counts by its single reads', () => {
  assert.deepEqual(accesses({ errorCode: 'ResourceNotFoundException' }), []);
  for (const errorCode of ['AccessDenied', 'AccessDeniedException', 'Client.UnauthorizedOperation'])
    assert.equal(only({ errorCode, errorMessage: 'no' }).isDenied, true);
  assert.deepEqual(
    accesses({ eventName: 'BatchGetSecretValue', requestParameters: { secretIdList: ['a', 'b'] } }),
    [],
  );
  assert.deepEqual(
    accesses({
      eventName: 'BatchGetSecretValue',
      errorCode: 'AccessDenied',
      requestParameters: { secretIdList: ['a', 'b'] },
    }).map((one) => one.target),
    ['a', 'b'],
  );
  assert.deepEqual(accesses({ eventName: 'DescribeSecret' }), []);
  assert.deepEqual(accesses({ requestParameters: null }), []);
  assert.equal(
    only({ requestParameters: { secretId: 'billing', versionStage: 'AWSPREVIOUS' } }).stage,
    'AWSPREVIOUS',
  );
});

test('what was denied changed nothing', () => {
  assert.deepEqual(only({ eventName: 'PutResourcePolicy', errorCode: 'AccessDenied' }).changes, []);
  assert.equal(only({ eventName: 'PutResourcePolicy' }).changes.length, 1);
});

test('of the two copies of a call between accounts one counts: that of the owner', () => {
  const userIdentity = sessionOf('reader', 's', '444455556666');
  assert.deepEqual(
    accesses({ userIdentity, recipientAccountId: '444455556666', sharedEventID: 'shared' }),
    [],
  );
  assert.equal(only({ userIdentity, sharedEventID: 'shared', eventID: 'x' }).id, 'shared');
});

test('an event that does not say whose it is belongs to the account over whose bus it came', () => {
  assert.equal(only({ recipientAccountId: undefined }).principal, 'role/app/web');
  assert.equal(only({ recipientAccountId: null }).principal, 'role/app/web');
});

test('a denied search that names no secret is told as what it is, with its filter in short', () => {
  const filter = search({
    eventName: 'BatchGetSecretValue',
    errorCode: 'AccessDenied',
    requestParameters: { filters: [{ key: 'tag-key', values: ['!nobody\nhas'] }], maxResults: 20 },
  });
  assert.deepEqual(
    [filter?.what, filter?.filter, filter?.principal],
    ['filter', 'tag-key !nobody_has', 'role/app/web'],
  );
  assert.equal(
    search({ eventName: 'BatchGetSecretValue', errorCode: 'AccessDenied', requestParameters: null })?.what,
    'filter',
  );
  assert.equal(
    search({
      eventName: 'ListSecrets',
      errorCode: 'AccessDeniedException',
      requestParameters: { maxResults: 100 },
    })?.what,
    'list',
  );
});

test(
  'no search is one that was answered, failed otherwise, names its secrets, is Keyturn’s own or of ' +
    'another account',
  () => {
    const batch = { eventName: 'BatchGetSecretValue', errorCode: 'AccessDenied' };
    const none = [
      { eventName: 'ListSecrets' },
      { eventName: 'ListSecrets', errorCode: 'InvalidParameterException' },
      { ...batch, requestParameters: { secretIdList: ['a'] } },
      { ...batch, userIdentity: sessionOf('keyturn/main/eu-west-1/sealers/Discover') },
      { ...batch, recipientAccountId: '444455556666' },
      { errorCode: 'AccessDenied' },
    ];
    for (const change of none) assert.equal(search(change), undefined, JSON.stringify(change));
  },
);

test('the order of accesses does not depend on the order in which they came, nor on how often', () => {
  const some = Array.from({ length: 6 }, (_, index) => aRead({ id: `e${index}`, at: 1_000 * (index % 3) }));
  const expected = ['e0', 'e3', 'e1', 'e4', 'e2', 'e5'];
  fc.assert(
    fc.property(fc.shuffledSubarray(some, { minLength: 6 }), (shuffled) =>
      assert.deepEqual(
        inOrder([...shuffled, ...shuffled]).map((one) => one.id),
        expected,
      ),
    ),
  );
});
