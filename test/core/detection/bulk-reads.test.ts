import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bulkReads, isInBulk } from '../../../functions/core/detection/bulk-reads.ts';
import { withOddCalls } from '../../../functions/core/detection/odd-callers.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../functions/core/basics/time.ts';
import { NOW } from '../../detect/habits.ts';
import { many, odd } from '../../detect/odd-calls.ts';

test(
  'a stranger who reads many tokens is one critical finding: who, how many, within what time, from ' +
    'where, which',
  () => {
    const [one, ...more] = bulkReads(withOddCalls([], many(20)));
    assert.deepEqual(
      [one?.kind, one?.subject, one?.severity, one?.until, more],
      ['bulk-read', 'user/mallory', 'critical', NOW + 19 * SECOND + 7 * DAY, []],
    );
    assert.equal(
      one?.detail,
      'user/mallory read 20 tokens that it does not usually read, within 19s, from 198.51.0.0/16 in ' +
        'eu-west-1 with python-requests, first at 2026-01-25T09:00:00Z: prod/t0, prod/t1, prod/t2 and 17 ' +
        'more.',
    );
  },
);

test(
  'a known reader from a new place is told as that; as soon as one token is strange to it, it is a ' +
    'stranger',
  () => {
    const [one] = bulkReads(withOddCalls([], many(20, { isReader: true })));
    assert.match(one?.detail ?? '', /read 20 tokens from where it never was before/);
    const [mixed] = bulkReads(withOddCalls([], [...many(20, { isReader: true }), odd(20)]));
    assert.match(mixed?.detail ?? '', /read 21 tokens that it does not usually read/);
  },
);

test('five make many, or three that would each notify the pager; a repeated token does not count', () => {
  assert.deepEqual(bulkReads(withOddCalls([], many(4))), []);
  assert.equal(bulkReads(withOddCalls([], many(5))).length, 1);
  assert.deepEqual(bulkReads(withOddCalls([], many(2, { isLoud: true }))), []);
  assert.equal(bulkReads(withOddCalls([], many(3, { isLoud: true }))).length, 1);
  assert.deepEqual(bulkReads(withOddCalls([], [...many(4), ...many(4, { at: NOW + HOUR })])), []);
  assert.deepEqual(
    bulkReads(
      withOddCalls(
        [],
        many(20)
          .map((one, index) => odd(index, { principal: `role/${index}` }))
          .slice(0, 8),
      ),
    ),
    [],
  );
});

test('what is further apart than a day is told one by one', () => {
  const slow = Array.from({ length: 12 }, (_, token) => odd(token, { at: NOW + token * 7 * HOUR }));
  assert.deepEqual(bulkReads(withOddCalls([], slow)), []);
  const within = Array.from({ length: 12 }, (_, token) => odd(token, { at: NOW + token * 100 * MINUTE }));
  assert.match(bulkReads(withOddCalls([], within))[0]?.detail ?? '', /read 12 tokens .* within 19h/);
});

test('the finding names the reads that it counted, and of no other principal’s', () => {
  const readers = withOddCalls([], [...many(6), odd(0, { principal: 'role/new' })]);
  assert.equal(isInBulk(readers, 'user/mallory', 't3-AbC123'), true);
  assert.equal(isInBulk(readers, 'user/mallory', 't9-AbC123'), false);
  assert.equal(isInBulk(readers, 'role/new', 't0-AbC123'), false);
});
