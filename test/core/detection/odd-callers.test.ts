import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { bulkReads, isInBulk } from '../../../functions/core/detection/bulk-reads.ts';
import { judge } from '../../../functions/core/detection/judge.ts';
import { OddCaller, oddCallsIn, withOddCalls } from '../../../functions/core/detection/odd-callers.ts';
import { aRead } from '../../detect/events.ts';
import { ABOUT, LEARNT, NOW, watched } from '../../detect/habits.ts';
import { many, odd } from '../../detect/odd-calls.ts';

test('reads come in any order, over any number of batches, and twice, and it is the same', () => {
  const reads = many(12, { network: '10.0.0.0/16' });
  const whole = withOddCalls([], reads);
  fc.assert(
    fc.property(
      fc.shuffledSubarray(reads, { minLength: 12 }),
      fc.integer({ min: 1, max: 11 }),
      (shuffled, cut) => {
        const halves = withOddCalls(withOddCalls([], shuffled.slice(0, cut)), shuffled.slice(cut));
        assert.deepEqual(bulkReads(halves)[0]?.until, bulkReads(whole)[0]?.until);
        assert.equal(halves[0]?.tokens.length, 12);
        assert.deepEqual(withOddCalls(halves, [...shuffled, ...shuffled]), halves);
      },
    ),
    { numRuns: 50 },
  );
});

test('whatever is read by whom, the record stays small, and can be stored', () => {
  const flood = Array.from({ length: 20 }, (_, reader) =>
    Array.from({ length: 260 }, (__, token) =>
      odd(token, { principal: `role/${'x'.repeat(100)}${reader}`, network: `10.${token}.0.0/16` }),
    ),
  ).flat();
  const readers = withOddCalls([], flood);
  assert.ok(readers.length <= 8 && JSON.stringify(readers).length < 60_000);
  for (const one of readers) assert.deepEqual(OddCaller.parse(one), one);
  assert.match(bulkReads(readers)[0]?.detail ?? '', /read 100 tokens or more/);
  assert.equal(
    isInBulk(readers, readers[0]?.principal ?? '', 't259-AbC123'),
    true,
    'those beyond the bound are reported too',
  );
});

test('what a token’s habits explain is no odd read, however often and however fast', () => {
  const usual = judge(
    watched(),
    LEARNT,
    Array.from({ length: 200 }, (_, index) => aRead({ at: NOW + index })),
    ABOUT,
  );
  assert.deepEqual(oddCallsIn({ id: 't', name: 't' }, usual.unusual).reads, []);
  const strange = judge(
    watched(),
    LEARNT,
    [
      aRead({ at: NOW, principal: 'role/x' }),
      aRead({ at: NOW + 1, network: '198.51.0.0/16' }),
      aRead({ at: NOW + 2, isDenied: true, principal: 'role/y' }),
    ],
    ABOUT,
  );
  assert.deepEqual(
    oddCallsIn({ id: 't', name: 't' }, strange.unusual).reads.map((one) => [
      one.sight.principal,
      one.isReader,
    ]),
    [
      ['role/x', false],
      ['role/app/web', true],
    ],
  );
  assert.deepEqual(
    oddCallsIn({ id: 't', name: 't' }, strange.unusual).denials.map((one) => one.sight.principal),
    ['role/y'],
  );
});
