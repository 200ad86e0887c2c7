import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  DeliveryGrant,
  isGranted,
  requireGranted,
} from '../../../functions/core/delivery/consumer-grants.ts';

const parcel = (secretName: string, target: string) => ({
  secretName,
  consumer: { name: 'x', kind: 'github' as const, target },
});

it('a grant fits exact texts, or all that begin as it does', () => {
  const grants = [
    { secret: 'prod/a', target: 'acme/x:T' },
    { secret: 'prod/b/*', target: 'acme/*' },
  ];
  for (const [secret, target, fits] of [
    ['prod/a', 'acme/x:T', true],
    ['prod/a', 'acme/x:T2', false],
    ['prod/ab', 'acme/x:T', false],
    ['prod/b/c', 'acme/y:T', true],
    ['prod/b', 'acme/y:T', false],
    ['prod/b/c', 'evil/y:T', false],
  ] as const)
    assert.equal(isGranted(grants, parcel(secret, target)), fits, `${secret} ${target}`);
  assert.throws(() => requireGranted(grants, parcel('prod/x', 'acme/x:T'), 'the settings'), {
    code: 'not-granted',
    message: 'Nothing grants the secret prod/x to the github consumer acme/x:T: add a grant to the settings.',
  });
  assert.doesNotThrow(() => requireGranted(grants, parcel('prod/a', 'acme/x:T'), 'the settings'));
  for (const grant of grants) assert.deepEqual(DeliveryGrant.parse(grant), grant);
});

it('a grant that cannot be read says what to write', () => {
  for (const secret of ['*', 7])
    assert.deepEqual(
      DeliveryGrant.safeParse({ secret, target: 'a' }).error?.issues.map((one) => one.message),
      ['write the name of a secret, or the start of one followed by *'],
    );
});

it('a grant of everything is none', () => {
  for (const grant of [
    { secret: '*', target: 'a' },
    { secret: 'a', target: '*' },
    { secret: 'a*b', target: 'a' },
    { secret: '', target: 'a' },
  ])
    assert.equal(DeliveryGrant.safeParse(grant).success, false);
  for (const grant of [
    { secret: 'a' },
    { target: 'a' },
    { secret: 'a', target: 'b', more: 'c' },
    { secret: 'a b', target: 'c' },
  ])
    assert.equal(DeliveryGrant.safeParse(grant).success, false);
});
