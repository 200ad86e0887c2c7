import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST } from '../../../functions/core/detection/baseline.ts';
import { HOUR } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';
import { aRead } from '../../detect/events.ts';
import { NOW, found, kinds, learnt } from '../../detect/habits.ts';

test('a token that new principals keep reading: only readers of other accounts are reported', () => {
  const many = Array.from({ length: 480 }, (_, index) =>
    aRead({ at: T0 + index * HOUR, principal: `role/ci-${index % 60}` }),
  );
  const open = learnt(...many);
  assert.equal(open.readers.length, MOST.readers);
  assert.ok(open.evicted > 0);
  assert.deepEqual(found([aRead({ at: NOW, principal: 'role/ci-999' })], open), []);
  assert.deepEqual(kinds(found([aRead({ at: NOW, principal: '444455556666:x', isForeign: true })], open)), [
    'reader-unrecognized 444455556666:x critical',
  ]);
});
