import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  canaryArrived,
  canaryLost,
  canarySent,
  isCanaryDue,
  type CanaryWatch,
} from '../../../functions/core/inventory/canary.ts';
import { DAY, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';

interface Watching {
  readonly canary?: CanaryWatch;
}

describe('the watch over canaries', () => {
  it('wants one at once, then a day after one that arrived and an hour after one that did not', () => {
    assert.equal(isCanaryDue({}, T0), true);
    const sent = canarySent<Watching>({}, 'a', T0);
    assert.deepEqual(
      [HOUR - 1, HOUR].map((later) => isCanaryDue(sent, T0 + later)),
      [false, true],
    );
    const arrived = canaryArrived(sent, 'a', T0 + MINUTE);
    assert.deepEqual(
      [HOUR, DAY - 1, DAY].map((later) => isCanaryDue(arrived, T0 + later)),
      [false, false, true],
    );
  });

  it('believes the last that was sent, and that once', () => {
    const second = canarySent(canarySent<Watching>({}, 'a', T0), 'b', T0 + HOUR);
    assert.equal(canaryArrived(second, 'a', T0 + HOUR), second);
    const arrived = canaryArrived(second, 'b', T0 + 2 * HOUR);
    assert.equal(arrived.canary?.arrivedAt, T0 + 2 * HOUR);
    assert.equal(canaryArrived(arrived, 'b', T0 + 3 * HOUR), arrived);
    assert.deepEqual(canaryArrived<Watching>({}, 'a', T0), {});
  });

  it(
    'reports loss exactly while two or more have got lost since one arrived, in the same words all the ' +
      'time',
    () => {
      fc.assert(
        fc.property(fc.array(fc.boolean(), { maxLength: 12 }), (arrivals) => {
          let record: Watching = {};
          let lost = 0;
          const words = new Set<string>();
          for (const [index, arrives] of arrivals.entries()) {
            record = canarySent(record, String(index), T0 + index * DAY);
            assert.equal(canaryLost(record) !== undefined, lost >= 2);
            if (lost >= 2) words.add(canaryLost(record)?.detail ?? '');
            assert.ok(words.size <= 1, [...words].join());
            if (!arrives) lost++;
            if (!arrives) continue;
            record = canaryArrived(record, String(index), T0 + index * DAY + MINUTE);
            assert.equal(canaryLost(record), undefined);
            lost = 0;
            words.clear();
          }
        }),
      );
    },
  );
});
