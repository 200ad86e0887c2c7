import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callerOf, type Caller } from '../../../functions/core/detection/principal.ts';
import { TrailEvent } from '../../../functions/core/detection/trail-event.ts';
import { HOME, rawEvent, sessionOf } from '../../detect/events.ts';
import { IDENTITIES, functionOf, personOf, sessionWith } from '../../detect/identities.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Through the parser, as events come. */
function caller(userIdentity: Fields): Caller {
  return callerOf(TrailEvent.parse(rawEvent({ userIdentity })).detail.userIdentity, HOME);
}

test('every kind of identity that CloudTrail records has one name over sessions', () => {
  assert.deepEqual(
    IDENTITIES.map(([what, identity]) => [what, caller(identity).principal]),
    IDENTITIES.map(([what, , principal]) => [what, principal]),
  );
});

test('two functions with one role are two, and keep their role beside their names', () => {
  const [report, intruder] = ['report', 'intruder'].map((name) => caller(functionOf(name)));
  assert.notEqual(report?.principal, intruder?.principal);
  assert.deepEqual([report?.role, intruder?.role], ['role/service-role/shared', 'role/service-role/shared']);
});

test('people who share a permission set or a role are told apart; sessions of a service are not', () => {
  const names = (...identities: Fields[]): number =>
    new Set(identities.map((one) => caller(one).principal)).size;
  assert.equal(names(personOf('anna@example.com'), personOf('mallory@example.com')), 2);
  assert.equal(
    names(personOf('anna@example.com', { userId: 'a' }), personOf('anna@example.com', { userId: 'b' })),
    2,
  );
  assert.equal(
    names(
      sessionWith('people/admin', { sourceIdentity: 'anna' }),
      sessionWith('people/admin', { sourceIdentity: 'mallory' }),
    ),
    2,
  );
  assert.equal(names(sessionOf('app/web', 'i-1'), sessionOf('app/web', 'i-2')), 1);
});

test(
  'a role that merely has the name of a permission set is no permission set, since anybody may choose a ' +
    'name',
  () => {
    assert.equal(
      caller(personOf('anna@example.com', { role: 'AWSReservedSSO_Token_Readers_0123456789abcdef' }))
        .principal,
      'role/AWSReservedSSO_Token_Readers_0123456789abcdef',
    );
  },
);

test('no role and no user can be made whose name is that of a person behind another', () => {
  const behind = caller(sessionWith('people/admin', { sourceIdentity: 'anna' })).principal;
  assert.notEqual(caller(sessionOf('people/admin/anna')).principal, behind);
  assert.match(behind, /\/admin:anna$/, 'IAM takes no colon in a name');
});

test('of another account is whoever has another number, also where nothing else is told', () => {
  assert.equal(caller(sessionOf('reader', 's', '444455556666')).isForeign, true);
  assert.equal(caller({ type: 'AWSAccount', accountId: '444455556666' }).isForeign, true);
  assert.equal(
    caller({ type: 'AssumedRole', arn: 'arn:aws:sts::444455556666:assumed-role/x/s' }).isForeign,
    true,
  );
  assert.equal(caller({ type: 'AWSService', invokedBy: 'ecs.amazonaws.com' }).isForeign, false);
});

test('root is root, whether it calls itself, by a session that it made, or in another partition', () => {
  const arn = `arn:aws-us-gov:iam::${HOME.account}:root`;
  for (const identity of [
    { type: 'Root', accountId: HOME.account },
    { arn, accountId: HOME.account },
    {
      type: 'FederatedUser',
      arn: `arn:aws:sts::${HOME.account}:federated-user/x`,
      sessionContext: { sessionIssuer: { type: 'Root', arn } },
    },
  ])
    assert.equal(caller(identity).isRoot, true, JSON.stringify(identity));
  for (const [what, identity] of IDENTITIES)
    assert.equal(caller(identity).isRoot, what.startsWith('root'), what);
});

test(
  "Keyturn's own functions are told by the path of their roles in this account, not by a name anybody " +
    'may choose',
  () => {
    const own = (identity: Fields): boolean => caller(identity).isOwn;
    assert.equal(own(sessionOf('keyturn/main/eu-west-1/sealers/Rotate', 'keyturn-main-rotate-gitlab')), true);
    assert.equal(
      own(functionOf('keyturn-main-rotate-gitlab', { role: 'keyturn/main/eu-west-1/sealers/Rotate' })),
      true,
    );
    assert.equal(own(functionOf('keyturn-main-rotate-gitlab')), false);
    assert.equal(own(sessionOf('keyturn-main-rotate-gitlab', 'keyturn-main-rotate-gitlab')), false);
    assert.equal(own(sessionOf('keyturn/other/eu-west-1/sealers/Rotate')), false);
    assert.equal(own(sessionOf('keyturn/main/eu-west-1/sealers/Rotate', 's', '444455556666')), false);
  },
);

test('a name holds nothing but what names may hold', () => {
  const arn = 'arn:aws:sts::111122223333:assumed-role/a\nb<c>/s';
  assert.match(caller({ type: 'AssumedRole', arn, accountId: HOME.account }).principal, /^[\w+=,.@:/-]+$/);
  assert.ok(caller(personOf('x'.repeat(2_000))).principal.length <= 240);
});
