import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { TrailEvent } from '../../../functions/core/detection/trail-event.ts';
import { ARN, accesses, rawEvent } from '../../detect/events.ts';

const CANARY = 'canary-71c2-value';
/** What CloudTrail does not write in every event (CloudTrail User Guide, "CloudTrail record contents"). */
const OPTIONAL = [
  'sourceIPAddress',
  'userAgent',
  'errorCode',
  'responseElements',
  'requestID',
  'readOnly',
  'eventType',
  'managementEvent',
  'recipientAccountId',
  'sharedEventID',
  'resources',
  'eventCategory',
  'tlsDetails',
  'vpcEndpointId',
  'additionalEventData',
];

test('an event of another major version, or without its time, is refused; unknown fields are not', () => {
  assert.equal(TrailEvent.safeParse(rawEvent({ eventVersion: '2.0' })).success, false);
  assert.equal(TrailEvent.safeParse(rawEvent({ eventTime: 'yesterday' })).success, false);
  assert.equal(
    TrailEvent.safeParse(rawEvent({ eventVersion: '1.11', somethingNew: { deep: true } })).success,
    true,
  );
});

test('no optional field costs the event, be it absent, null, or not as documented', () => {
  const odd = fc.constantFrom<unknown>(
    undefined,
    null,
    7,
    true,
    [],
    {},
    [1],
    { tags: 'x' },
    '',
    'x'.repeat(5_000),
  );
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...OPTIONAL.filter((name) => name !== 'errorCode')), odd),
      (change) => {
        const known = {
          ...change,
          ...('recipientAccountId' in change &&
            typeof change['recipientAccountId'] === 'string' && { recipientAccountId: null }),
        };
        assert.deepEqual(
          accesses(known).map((one) => [one.deed, one.target]),
          [['read', ARN]],
        );
      },
    ),
    { numRuns: 300 },
  );
});

test('no field of the caller costs the event', () => {
  const odd = fc.constantFrom<unknown>(undefined, null, 7, [], {}, 'x'.repeat(5_000));
  const names = [
    'type',
    'principalId',
    'arn',
    'accountId',
    'userName',
    'identityProvider',
    'invokedBy',
    'sessionContext',
    'onBehalfOf',
    'inScopeOf',
    'credentialId',
    'accessKeyId',
  ];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), odd), (userIdentity) =>
      assert.equal(accesses({ userIdentity }).length, 1),
    ),
    { numRuns: 300 },
  );
});

test('an event that does not say who called is one of somebody unknown', () => {
  for (const userIdentity of [undefined, null, 'x'])
    assert.equal(accesses({ userIdentity })[0]?.principal, 'unknown');
});

test('a value, should an event hold one, is not kept', () => {
  const event = TrailEvent.parse(
    rawEvent({
      eventName: 'UpdateSecret',
      requestParameters: { secretId: ARN, secretString: CANARY, secretBinary: CANARY, description: CANARY },
      responseElements: { versionId: 'v', secretString: CANARY },
    }),
  );
  assert.doesNotMatch(JSON.stringify(event), new RegExp(CANARY));
  assert.deepEqual(
    [event.detail.requestParameters?.secretString, event.detail.requestParameters?.description],
    [true, true],
  );
});
