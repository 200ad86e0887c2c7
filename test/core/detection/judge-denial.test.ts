import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Access } from '../../../functions/core/detection/access.ts';
import { judge } from '../../../functions/core/detection/judge.ts';
import { MINUTE } from '../../../functions/core/time.ts';
import { aRead } from '../../detect/events.ts';
import { ABOUT, LEARNT, NOW, found, kinds, watched } from '../../detect/habits.ts';

test('denials: one is mentioned, many or at many doors or from outside are a warning', () => {
  const no = (change: Partial<Access> = {}): Access => aRead({ at: NOW, principal: 'role/x', isDenied: true, ...change });
  assert.deepEqual(kinds(found([no()], LEARNT)), ['denied-calls role/x info']);
  assert.deepEqual(kinds(found(Array.from({ length: 6 }, (_, minute) => no({ at: NOW + minute * MINUTE })), LEARNT)), ['denied-calls role/x warning']);
  assert.deepEqual(kinds(found([no({ isForeign: true })], LEARNT)), ['denied-calls role/x warning']);
  const doors = judge(watched(), LEARNT, [no()], { ...ABOUT, denials: new Map([['role/x', 4]]) });
  assert.match(doors.unusual[0]?.detail ?? '', /and on 3 other tokens at the same time; it is no known reader/);
  assert.equal(doors.unusual[0]?.severity, 'warning');
  assert.equal(doors.baseline?.readers.length, 1);
});
