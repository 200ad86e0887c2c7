import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Access } from '../../../functions/core/detection/access.ts';
import { T0 } from '../../fakes/tokens.ts';
import { aRead } from '../../detect/events.ts';
import { LEARNT, NOW, found, kinds } from '../../detect/habits.ts';

test('changes by anybody but Keyturn are told of, not those from before it looked after the token', () => {
  const change = (deed: Access['deed'], more: Partial<Access> = {}): string[] => kinds(found([aRead({ at: NOW, deed, principal: 'role/admin', ...more })], LEARNT));
  assert.deepEqual(change('value'), ['changed-outside value warning']);
  assert.deepEqual(change('policy'), ['changed-outside policy warning']);
  assert.deepEqual(change('tags'), ['changed-outside tags info']);
  assert.deepEqual(change('replicas'), ['changed-outside replicas warning']);
  assert.deepEqual(change('rotation-off'), ['rotation-off warning']);
  assert.deepEqual(change('deleted'), ['secret-deleted critical']);
  assert.deepEqual(change('value', { at: T0 - 1 }), []);
  const evil = 'arn:aws:lambda:eu-west-1:111122223333:function:mine';
  assert.deepEqual(change('rotation-set', { rotationFunction: evil }), ['rotation-off critical']);
  assert.deepEqual(change('rotation-set', { rotationFunction: evil.replace('mine', 'keyturn-main-rotate-gitlab') }), []);
});
