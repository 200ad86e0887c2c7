import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isTarget } from '../../../functions/core/consumers/consumer-kinds.ts';
import {
  targetFieldOf,
  deliveredVersionOf,
  refusalOf,
  type TargetFacts,
} from '../../../functions/core/delivery/target-secret.ts';

const FREE = { name: 'prod/app', tags: new Map([['team', 'billing']]), rotationEnabled: false };

describe('the target of a consumer of the kind secret', () => {
  it('is a name as Secrets Manager allows it, a colon and a field as the tag keyturn:field has it', () => {
    const cases: [target: string, name: string, path: string[]][] = [
      ['prod/app:GITLAB_TOKEN', 'prod/app', ['GITLAB_TOKEN']],
      ['a_+=.@-/B:gitlab.token', 'a_+=.@-/B', ['gitlab', 'token']],
      ['app:gitlab@5c@.token', 'app', ['gitlab.token']],
      ['app:a:b', 'app', ['a:b']],
    ];
    for (const [target, name, path] of cases) {
      assert.ok(isTarget('secret', target), target);
      assert.deepEqual(targetFieldOf(target), { name, path });
    }
  });

  it('is nothing else', () => {
    for (const target of [
      'prod/app',
      ':A',
      'prod/app:',
      'prod app:A',
      'a:b.',
      'a:.b',
      'a:b..c',
      'a/../b:c',
      'a:b c',
    ])
      assert.ok(!isTarget('secret', target), target);
    for (const target of ['app:@5c@', 'app:_keyturn.seal'])
      assert.throws(() => targetFieldOf(target), {
        code: 'delivery-invalid',
        message: /^The target app:\S+ of the consumer is wrong: /,
      });
  });
});

describe('a secret that others write, or that nobody reads any more', () => {
  it('is refused, with what to do', () => {
    const cases: [change: Partial<TargetFacts>, refusal: RegExp][] = [
      [{ name: 'keyturn/admin/gitlab' }, /^belongs to Keyturn itself: correct the target/],
      [
        { tags: new Map([['keyturn:owner', 'x']]) },
        /^has tags of Keyturn.*: correct the target.*, or remove/,
      ],
      [{ deletedAt: 1 }, /^is scheduled for deletion: restore it/],
      [{ rotationEnabled: true }, /^is rotated.*: switch its rotation off/],
      [{ owningService: 'rds' }, /^is managed by rds, which alone writes it/],
      [{ externalType: 'partner' }, /^is managed by partner/],
      [{ primaryRegion: 'us-east-1' }, /^is a replica of one in us-east-1: declare the consumer/],
    ];
    for (const [change, expected] of cases) assert.match(refusalOf({ ...FREE, ...change }) ?? '', expected);
    assert.equal(refusalOf(FREE), undefined);
    assert.equal(refusalOf({ ...FREE, name: 'keyturn-app' }), undefined);
  });
});

it('a version that is made of another one has the same id at each try, and no other delivery has it', () => {
  const id = deliveredVersionOf('parcel-1', 'v1');
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.equal(deliveredVersionOf('parcel-1', 'v1'), id);
  assert.equal(
    new Set([id, deliveredVersionOf('parcel-1', 'v2'), deliveredVersionOf('parcel-2', 'v1')]).size,
    3,
  );
});
