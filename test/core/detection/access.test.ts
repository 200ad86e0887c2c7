import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inOrder } from '../../../functions/core/detection/access.ts';
import { referenceOf } from '../../../functions/core/detection/named.ts';
import { TrailEvent } from '../../../functions/core/detection/trail-event.ts';
import { WATCHED, deedOf } from '../../../functions/core/detection/watched.ts';
import { agentOf, networkOf } from '../../../functions/core/detection/whence.ts';
import { ARN, HOME, aRead, accesses, rawEvent, sessionOf } from '../../detect/events.ts';

function only(change: Parameters<typeof accesses>[0] = {}) {
  const found = accesses(change);
  assert.equal(found.length, 1);
  const [one] = found;
  assert.ok(one);
  return one;
}

test('a read tells who, what, which, whence and with what, and nothing of the session', () => {
  assert.deepEqual({ ...only({ eventID: 'e' }) }, {
    id: 'e', at: Date.UTC(2026, 0, 5, 9), deed: 'read', isDenied: false, target: ARN, principal: 'role/app/web', isForeign: false, isOwn: false,
    network: '203.0.0.0/16', region: 'eu-west-1', agent: 'aws-sdk-js', versionId: undefined, stage: undefined, rotationFunction: undefined,
  });
  assert.equal(only({ userIdentity: sessionOf('app/web', 'i-another') }).principal, 'role/app/web');
});

test('principals keep one name over sessions: roles, users, root, functions, services, other accounts', () => {
  const lambda = { ...sessionOf('service-role/report'), inScopeOf: { issuerType: 'AWS::Lambda::Function', credentialsIssuedTo: 'arn:aws:lambda:eu-west-1:111122223333:function:report', sourceArn: 'arn:aws:lambda:eu-west-1:111122223333:function:report:7' } };
  const task = { ...sessionOf('worker'), inScopeOf: { sourceArn: 'arn:aws:ecs:eu-west-1:111122223333:task/main/0123456789abcdef' } };
  const cases: [object, string][] = [
    [lambda, 'lambda/report'],
    [task, 'role/worker'],
    [{ type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/ops/anna', accountId: HOME.account, userName: 'anna' }, 'user/ops/anna'],
    [{ type: 'Root', arn: 'arn:aws:iam::111122223333:root', accountId: HOME.account }, 'root'],
    [{ type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/web/i-1', accountId: HOME.account }, 'role/web'],
    [{ type: 'AWSService', invokedBy: 'ecs-tasks.amazonaws.com' }, 'aws/ecs-tasks.amazonaws.com'],
    [sessionOf('reader', 's', '444455556666'), '444455556666:role/reader'],
    [{ type: 'AWSAccount', principalId: 'AROAEXAMPLE:session', accountId: '444455556666' }, '444455556666:AROAEXAMPLE'],
  ];
  for (const [userIdentity, principal] of cases) assert.equal(only({ userIdentity }).principal, principal);
  assert.equal(only({ userIdentity: sessionOf('reader', 's', '444455556666') }).isForeign, true);
});

test("Keyturn's own functions are told by the path of their roles in this account, not by a name anybody may choose", () => {
  const own = (identity: object): boolean => only({ userIdentity: identity }).isOwn;
  assert.equal(own(sessionOf('keyturn/main/eu-west-1/sealers/Rotate', 'keyturn-main-rotate-gitlab')), true);
  assert.equal(own(sessionOf('keyturn-main-rotate-gitlab', 'keyturn-main-rotate-gitlab')), false);
  assert.equal(own(sessionOf('keyturn/other/eu-west-1/sealers/Rotate')), false);
  assert.equal(own(sessionOf('keyturn/main/eu-west-1/sealers/Rotate', 's', '444455556666')), false);
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

test('an event of another major version, or without its time, is refused; unknown fields are not', () => {
  assert.equal(TrailEvent.safeParse(rawEvent({ eventVersion: '2.0' })).success, false);
  assert.equal(TrailEvent.safeParse(rawEvent({ eventTime: 'yesterday' })).success, false);
  assert.equal(TrailEvent.safeParse(rawEvent({ eventVersion: '1.11', somethingNew: { deep: true } })).success, true);
});

test('networks: /16 of IPv4, /48 of IPv6, the endpoint where there is one', () => {
  const cases: [string | undefined, string | undefined, string][] = [
    ['203.0.113.7', undefined, '203.0.0.0/16'],
    ['10.0.1.2', 'vpce-0123456789abcdef0', 'vpce-0123456789abcdef0'],
    ['2001:db8:0:1::5', undefined, '2001:db8:0::/48'],
    ['2001:0DB8::5', undefined, '2001:db8:0::/48'],
    ['::1', undefined, '0:0:0::/48'],
    ['AWS Internal', undefined, 'aws'],
    ['secretsmanager.amazonaws.com', undefined, 'aws'],
    [undefined, undefined, 'unknown'],
    ['<script>', undefined, 'unknown'],
  ];
  for (const [address, endpoint, network] of cases) assert.equal(networkOf(address, endpoint), network);
});

test('what a caller chooses never reaches a name but as plain letters', () => {
  assert.equal(agentOf('Boto3/1.34 md/Botocore#1.34'), 'boto3');
  assert.equal(agentOf('stratus-red-team_83d9-aa'), 'stratus-red-team');
  assert.equal(agentOf('[aws-cli/2.15 Python/3.11]'), 'aws-cli');
  assert.equal(agentOf('<b>\n'), 'unknown');
  fc.assert(fc.property(fc.string(), fc.string(), (agent, address) => /^[a-z0-9-]{1,40}$/.test(agentOf(agent)) && /^[a-z0-9.:/-]{1,40}$/.test(networkOf(address, undefined))));
  const userIdentity = { type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/a\nb<c>/s', accountId: HOME.account };
  assert.match(only({ userIdentity }).principal, /^[\w+=,.@:/-]+$/);
});

test('secrets are named in three ways, and an ARN of another account is nobody here', () => {
  const at = { account: HOME.account, region: HOME.region };
  assert.deepEqual(referenceOf(ARN, at, at.region), { tokenId: 'prod/billing/ci-AbC123', ask: ARN });
  assert.deepEqual(referenceOf(ARN.slice(0, -7), at, at.region), { tokenId: undefined, ask: ARN.slice(0, -7) });
  assert.deepEqual(referenceOf('prod/billing/ci', at, at.region), { tokenId: undefined, ask: 'prod/billing/ci' });
  assert.deepEqual(referenceOf('prod/billing/ci', at, 'us-east-1'), { tokenId: undefined, ask: undefined });
  assert.deepEqual(referenceOf(ARN.replace('eu-west-1', 'us-east-1'), at, 'us-east-1'), { tokenId: 'prod/billing/ci-AbC123', ask: undefined });
  assert.deepEqual(referenceOf(ARN.replace('111122223333', '444455556666'), at, at.region), { tokenId: undefined, ask: undefined });
});

test('every watched call has a deed, and no other has', () => {
  for (const [source, calls] of Object.entries(WATCHED)) for (const [name, deed] of Object.entries(calls)) assert.equal(deedOf(source, name), deed);
  assert.equal(deedOf('secretsmanager.amazonaws.com', 'DisableKey'), undefined);
});

test('the order of accesses does not depend on the order in which they came, nor on how often', () => {
  const some = Array.from({ length: 6 }, (_, index) => aRead({ id: `e${index}`, at: 1_000 * (index % 3) }));
  const expected = ['e0', 'e3', 'e1', 'e4', 'e2', 'e5'];
  fc.assert(fc.property(fc.shuffledSubarray(some, { minLength: 6 }), (shuffled) => assert.deepEqual(inOrder([...shuffled, ...shuffled]).map((one) => one.id), expected)));
});
