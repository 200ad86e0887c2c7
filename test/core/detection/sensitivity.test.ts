import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from '../../../functions/core/detection/judge.ts';
import { LIMITS, limitsOf } from '../../../functions/core/detection/sensitivity.ts';
import { aRead, accesses } from '../../detect/events.ts';
import { ABOUT, LEARNT, NOW, found, kinds, watched } from '../../detect/habits.ts';

test(
  'switched off, no read is reported and everything is learnt; what was done to the token is reported ' +
    'all the same, the switch first',
  () => {
    const done = accesses({
      eventName: 'TagResource',
      eventTime: '2026-01-25T09:00:00Z',
      requestParameters: { secretId: 'x', tags: [{ key: 'keyturn:sensitivity', value: 'off' }] },
    });
    const off = found(
      [
        ...done,
        aRead({ at: NOW, principal: 'role/x' }),
        aRead({ at: NOW, isDenied: true, principal: 'role/y' }),
        aRead({ at: NOW, deed: 'deleted' }),
      ],
      LEARNT,
      { sensitivity: 'off' },
    );
    assert.deepEqual(kinds(off).toSorted(), [
      'out-of-band-change keyturn:sensitivity warning',
      'secret-deleted critical',
    ]);
  },
);

test(
  'switched off, no read is reported and everything is learnt; ' +
    'low is blind to neighbours, high sees more',
  () => {
    const off = judge(
      watched({ sensitivity: 'off' }),
      LEARNT,
      [aRead({ at: NOW, principal: 'role/x' })],
      ABOUT,
    );
    assert.deepEqual(off.unusual, []);
    assert.deepEqual(found([aRead({ at: NOW + 1, principal: 'role/x' })], off.baseline), []);
    assert.deepEqual(found([aRead({ at: NOW, principal: 'role/x' })], LEARNT, { sensitivity: 'low' }), []);
    assert.deepEqual(
      kinds(
        found([aRead({ at: NOW, principal: 'role/x', network: '198.51.0.0/16' })], LEARNT, {
          sensitivity: 'low',
        }),
      ),
      ['reader-unrecognized role/x warning'],
    );
    assert.deepEqual(
      kinds(
        found(
          Array.from({ length: 12 }, (_, index) => aRead({ at: NOW + index })),
          LEARNT,
          { sensitivity: 'high' },
        ),
      ),
      ['read-volume-unusual warning'],
    );
  },
);

test('from low to high, each limit is reached no later', () => {
  const { low, normal, high } = LIMITS;
  for (const [dull, keen] of [
    [low, normal],
    [normal, high],
  ] as const) {
    assert.ok(dull.burst.factor >= keen.burst.factor && dull.burst.floor >= keen.burst.floor);
    assert.ok(dull.silence >= keen.silence && dull.denials >= keen.denials && dull.roams <= keen.roams);
  }
  assert.equal(limitsOf({ sensitivity: 'off' }), normal);
});
