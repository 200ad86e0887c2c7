import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callerOf } from '../../../functions/core/detection/principal.ts';
import { HOME, sessionOf } from '../../detect/events.ts';

test('principals keep one name over sessions: roles, users, root, functions, services, other accounts', () => {
  const lambda = { ...sessionOf('service-role/report'), inScopeOf: { issuerType: 'AWS::Lambda::Function', credentialsIssuedTo: 'arn:aws:lambda:eu-west-1:111122223333:function:report', sourceArn: 'arn:aws:lambda:eu-west-1:111122223333:function:report:7' } };
  const task = { ...sessionOf('worker'), inScopeOf: { sourceArn: 'arn:aws:ecs:eu-west-1:111122223333:task/main/0123456789abcdef' } };
  const cases: [Parameters<typeof callerOf>[0], string][] = [
    [lambda, 'lambda/report'],
    [task, 'role/worker'],
    [{ type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/ops/anna', accountId: HOME.account, userName: 'anna' }, 'user/ops/anna'],
    [{ type: 'Root', arn: 'arn:aws:iam::111122223333:root', accountId: HOME.account }, 'root'],
    [{ type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/web/i-1', accountId: HOME.account }, 'role/web'],
    [{ type: 'AWSService', invokedBy: 'ecs-tasks.amazonaws.com' }, 'aws/ecs-tasks.amazonaws.com'],
    [sessionOf('reader', 's', '444455556666'), '444455556666:role/reader'],
    [{ type: 'AWSAccount', principalId: 'AROAEXAMPLE:session', accountId: '444455556666' }, '444455556666:AROAEXAMPLE'],
  ];
  for (const [userIdentity, principal] of cases) assert.equal(callerOf(userIdentity, HOME).principal, principal);
  assert.equal(callerOf(sessionOf('reader', 's', '444455556666'), HOME).isForeign, true);
});

test("Keyturn's own functions are told by the path of their roles in this account, not by a name anybody may choose", () => {
  const own = (identity: object): boolean => callerOf(identity, HOME).isOwn;
  assert.equal(own(sessionOf('keyturn/main/eu-west-1/sealers/Rotate', 'keyturn-main-rotate-gitlab')), true);
  assert.equal(own(sessionOf('keyturn-main-rotate-gitlab', 'keyturn-main-rotate-gitlab')), false);
  assert.equal(own(sessionOf('keyturn/other/eu-west-1/sealers/Rotate')), false);
  assert.equal(own(sessionOf('keyturn/main/eu-west-1/sealers/Rotate', 's', '444455556666')), false);
});

test('a name holds nothing but what names may hold', () => {
  const arn = 'arn:aws:sts::111122223333:assumed-role/a\nb<c>/s';
  assert.match(callerOf({ type: 'AssumedRole', arn, accountId: HOME.account }, HOME).principal, /^[\w+=,.@:/-]+$/);
});
