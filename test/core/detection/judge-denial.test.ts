import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Access } from '../../../functions/core/detection/access.ts';
import { judge } from '../../../functions/core/detection/judge.ts';
import { MINUTE } from '../../../functions/core/basics/time.ts';
import { aRead } from '../../detect/events.ts';
import { ABOUT, LEARNT, NOW, found, kinds, watched } from '../../detect/habits.ts';

test('denials: one is mentioned, many or from outside or of root are a warning', () => {
  const no = (change: Partial<Access> = {}): Access =>
    aRead({ at: NOW, principal: 'role/x', isDenied: true, ...change });
  assert.deepEqual(kinds(found([no()], LEARNT)), ['access-denied role/x info']);
  assert.deepEqual(
    kinds(
      found(
        Array.from({ length: 6 }, (_, minute) => no({ at: NOW + minute * MINUTE })),
        LEARNT,
      ),
    ),
    ['access-denied role/x warning'],
  );
  assert.deepEqual(kinds(found([no({ isForeign: true })], LEARNT)), ['access-denied role/x warning']);
  assert.deepEqual(kinds(found([no({ isRoot: true })], LEARNT)), ['access-denied role/x warning']);
  const known = judge(watched(), LEARNT, [no({ principal: 'role/app/web' })], ABOUT);
  assert.match(
    known.unusual[0]?.detail ?? '',
    /about 1 times within a day; it is a known reader, so its permissions may have changed/,
  );
  assert.equal(judge(watched(), LEARNT, [no()], ABOUT).baseline?.readers.length, 1);
});
