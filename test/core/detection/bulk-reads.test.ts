import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { bulkReads, isInBulk } from '../../../functions/core/detection/bulk-reads.ts';
import { OddCaller, oddCallsIn, withOddCalls, type OddCall } from '../../../functions/core/detection/odd-callers.ts';
import { judge } from '../../../functions/core/detection/judge.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../functions/core/time.ts';
import { aRead } from '../../detect/events.ts';
import { ABOUT, LEARNT, NOW, watched } from '../../detect/habits.ts';

function odd(token: number, change: Partial<OddCall> & { at?: number; principal?: string; network?: string } = {}): OddCall {
  const { at = NOW + token * SECOND, principal = 'user/mallory', network = '198.51.0.0/16', ...more } = change;
  return { tokenId: `t${token}-AbC123`, tokenName: `prod/t${token}`, sight: aRead({ principal, at, network, agent: 'python-requests' }), isLoud: false, isReader: false, ...more };
}

function many(count: number, change: Parameters<typeof odd>[1] = {}): OddCall[] {
  return Array.from({ length: count }, (_, token) => odd(token, change));
}

test('a stranger who reads many tokens is one critical finding: who, how many, within what time, from where, which', () => {
  const [one, ...more] = bulkReads(withOddCalls([], many(20)));
  assert.deepEqual([one?.kind, one?.subject, one?.severity, one?.until, more], ['bulk-read', 'user/mallory', 'critical', NOW + 19 * SECOND + 7 * DAY, []]);
  assert.equal(one?.detail, 'user/mallory read 20 tokens that it does not usually read, within 19s, from 198.51.0.0/16 in eu-west-1 with python-requests, first at 2026-01-25T09:00:00Z: prod/t0, prod/t1, prod/t2 and 17 more.');
});

test('a known reader from a new place is told as that; as soon as one token is strange to it, it is a stranger', () => {
  const [one] = bulkReads(withOddCalls([], many(20, { isReader: true })));
  assert.match(one?.detail ?? '', /read 20 tokens from where it never was before/);
  const [mixed] = bulkReads(withOddCalls([], [...many(20, { isReader: true }), odd(20)]));
  assert.match(mixed?.detail ?? '', /read 21 tokens that it does not usually read/);
});

test('five make many, or three that would each ring the pager; the same token again is no further one', () => {
  assert.deepEqual(bulkReads(withOddCalls([], many(4))), []);
  assert.equal(bulkReads(withOddCalls([], many(5))).length, 1);
  assert.deepEqual(bulkReads(withOddCalls([], many(2, { isLoud: true }))), []);
  assert.equal(bulkReads(withOddCalls([], many(3, { isLoud: true }))).length, 1);
  assert.deepEqual(bulkReads(withOddCalls([], [...many(4), ...many(4, { at: NOW + HOUR })])), []);
  assert.deepEqual(bulkReads(withOddCalls([], many(20).map((one, index) => odd(index, { principal: `role/${index}` })).slice(0, 8))), []);
});

test('reads come in any order, over any number of batches, and twice, and it is the same', () => {
  const reads = many(12, { network: '10.0.0.0/16' });
  const whole = withOddCalls([], reads);
  fc.assert(
    fc.property(fc.shuffledSubarray(reads, { minLength: 12 }), fc.integer({ min: 1, max: 11 }), (shuffled, cut) => {
      const halves = withOddCalls(withOddCalls([], shuffled.slice(0, cut)), shuffled.slice(cut));
      assert.deepEqual(bulkReads(halves)[0]?.until, bulkReads(whole)[0]?.until);
      assert.equal(halves[0]?.tokens.length, 12);
      assert.deepEqual(withOddCalls(halves, [...shuffled, ...shuffled]), halves);
    }),
    { numRuns: 50 },
  );
});

test('what is further apart than a day is told one by one', () => {
  const slow = Array.from({ length: 12 }, (_, token) => odd(token, { at: NOW + token * 7 * HOUR }));
  assert.deepEqual(bulkReads(withOddCalls([], slow)), []);
  const within = Array.from({ length: 12 }, (_, token) => odd(token, { at: NOW + token * 100 * MINUTE }));
  assert.match(bulkReads(withOddCalls([], within))[0]?.detail ?? '', /read 12 tokens .* within 19h/);
});

test('the finding tells of the reads that it counted, and of no other principal’s', () => {
  const readers = withOddCalls([], [...many(6), odd(0, { principal: 'role/new' })]);
  assert.equal(isInBulk(readers, 'user/mallory', 't3-AbC123'), true);
  assert.equal(isInBulk(readers, 'user/mallory', 't9-AbC123'), false);
  assert.equal(isInBulk(readers, 'role/new', 't0-AbC123'), false);
});

test('whatever is read by whom, the record stays small, and can be stored', () => {
  const flood = Array.from({ length: 20 }, (_, reader) => Array.from({ length: 260 }, (__, token) => odd(token, { principal: `role/${'x'.repeat(100)}${reader}`, network: `10.${token}.0.0/16` }))).flat();
  const readers = withOddCalls([], flood);
  assert.ok(readers.length <= 8 && JSON.stringify(readers).length < 100_000);
  for (const one of readers) assert.deepEqual(OddCaller.parse(one), one);
  assert.match(bulkReads(readers)[0]?.detail ?? '', /read 200 tokens or more/);
  assert.equal(isInBulk(readers, readers[0]?.principal ?? '', 't259-AbC123'), true, 'those beyond the bound are told of too');
});

test('what a token’s habits explain is no odd read, however often and however fast', () => {
  const usual = judge(watched(), LEARNT, Array.from({ length: 200 }, (_, index) => aRead({ at: NOW + index })), ABOUT);
  assert.deepEqual(oddCallsIn({ id: 't', name: 't' }, usual.unusual).reads, []);
  const strange = judge(watched(), LEARNT, [aRead({ at: NOW, principal: 'role/x' }), aRead({ at: NOW, network: '198.51.0.0/16' }), aRead({ at: NOW, isDenied: true, principal: 'role/y' })], ABOUT);
  assert.deepEqual(oddCallsIn({ id: 't', name: 't' }, strange.unusual).reads.map((one) => [one.sight.principal, one.isReader]), [['role/x', false], ['role/app/web', true]]);
  assert.deepEqual(oddCallsIn({ id: 't', name: 't' }, strange.unusual).denials.map((one) => one.sight.principal), ['role/y']);
});
