import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR, type Instant } from '../../../functions/core/basics/time.ts';
import { Chronicle, dateAndTime, dayAndTime, type Note } from '../../../lib/sandbox/story/chronicle.ts';

const START = Date.parse('2026-01-05T08:00:00Z');

function told(pages: readonly (readonly Note[])[], isVerbose = false): string[] {
  const chronicle = new Chronicle({
    display: { line: () => undefined },
    stamp: dayAndTime(START),
    isVerbose,
  });
  for (const page of pages) {
    for (const note of page) chronicle.add(note);
    chronicle.turnPage(page.at(-1)?.at ?? START);
  }
  chronicle.unfold();
  return chronicle.lines;
}

/** The routine of one token: due, rotated, revoked, verified. */
function cycle(of: string, at: Instant): Note[] {
  return [
    { at, text: `${of} starts`, routine: { of, kind: 'step' } },
    { at, text: `${of} rotated`, routine: { of, kind: 'rotation' } },
    { at, text: `${of} revoked`, routine: { of, kind: 'step' } },
    { at, text: `${of} verified`, routine: { of, kind: 'revocation' } },
  ];
}

const at = START + HOUR;

test('the first routine is told whole, and what is like it is counted', () => {
  assert.deepEqual(told([[...cycle('a', at), ...cycle('b', at), ...cycle('c', at)]]), [
    'day  1 09:00  a starts',
    'day  1 09:00  a rotated',
    'day  1 09:00  a revoked',
    'day  1 09:00  a verified',
    'day  1 09:00  2 quiet rotations, 2 old credentials revoked and verified',
  ]);
});

test('a count is told before what is news, and at the end of a day', () => {
  const news: Note = { at: at + 2 * HOUR, text: 'news', tone: 'critical' };
  const lines = told([
    cycle('a', at),
    [...cycle('b', at + HOUR), news],
    cycle('a', at + DAY),
    [...cycle('a', at + 2 * DAY)],
  ]);
  assert.deepEqual(lines.slice(4), [
    'day  1 10:00  1 quiet rotation, 1 old credential revoked and verified',
    'day  1 11:00  news',
    'day  2 09:00  1 quiet rotation, 1 old credential revoked and verified',
    'day  3 09:00  1 quiet rotation, 1 old credential revoked and verified',
  ]);
});

test('a count does not wait for the next routine where the day is over', () => {
  const chronicle = new Chronicle({ display: { line: () => undefined }, stamp: dateAndTime });
  for (const note of [...cycle('a', at), ...cycle('b', at)]) chronicle.add(note);
  chronicle.turnPage(at);
  assert.equal(chronicle.lines.length, 4);
  chronicle.turnPage(at + DAY);
  assert.equal(
    chronicle.lines.at(-1),
    '2026-01-05 09:00  1 quiet rotation, 1 old credential revoked and verified',
  );
});

test('with --verbose nothing is folded', () => {
  assert.equal(told([[...cycle('a', at), ...cycle('b', at)]], true).length, 8);
});
