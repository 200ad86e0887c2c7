import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from '../../../functions/core/detection/judge.ts';
import { DAY } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';
import { aRead } from '../../detect/events.ts';
import { ABOUT, LEARNT, NOW, found, watched } from '../../detect/habits.ts';

test('usual reads are not reported, and nothing is while the baseline is learned', () => {
  assert.deepEqual(found([aRead({ at: NOW })], LEARNT), []);
  assert.deepEqual(
    found(Array.from({ length: 10 }, (_, index) => aRead({ at: T0 + index, principal: `role/${index}` }))),
    [],
  );
});

test('learning begins with the first read, however long before something else was done', () => {
  const denied = judge(
    watched(),
    undefined,
    [aRead({ at: T0, isDenied: true, principal: 'role/x' })],
    ABOUT,
  ).baseline;
  const first = judge(watched(), denied, [aRead({ at: NOW + 40 * DAY })], ABOUT);
  assert.deepEqual([first.unusual, first.baseline?.since], [[], NOW + 40 * DAY]);
  assert.deepEqual(found([aRead({ at: NOW + 41 * DAY, principal: 'lambda/report' })], first.baseline), []);
});

test('a reader that never becomes usual begins no learning: readers who come after are learned', () => {
  const foreign = judge(
    watched(),
    undefined,
    [aRead({ at: NOW, principal: '444455556666:role/x', isForeign: true })],
    ABOUT,
  ).baseline;
  const first = judge(watched(), foreign, [aRead({ at: NOW + 40 * DAY })], ABOUT);
  assert.deepEqual([first.unusual, first.baseline?.since], [[], NOW + 40 * DAY]);
  assert.deepEqual(found([aRead({ at: NOW + 41 * DAY, principal: 'lambda/report' })], first.baseline), []);
});
