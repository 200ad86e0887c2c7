import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  TELL_AFTER,
  failedDelivery,
  withoutCourier,
} from '../../../functions/core/delivery/delivery-tries.ts';
import { HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import type { Delivery } from '../../../functions/core/consumers/consumer-state.ts';
import { T0 } from '../../fakes/tokens.ts';
import { CI, tokenWith } from './delivery-cases.ts';

describe('a delivery', () => {
  it('is tried again ever later, and reported when it does not pass', () => {
    const problem = { code: 'issuer-unreachable', message: 'down', lasting: false };
    let delivery: Delivery = { credentialId: 'v2', promotedAt: T0, state: 'pending', tries: 0 };
    const waits = Array.from({ length: 10 }, () => {
      delivery = failedDelivery(delivery, problem, T0);
      return [(delivery.lookAt ?? 0) - T0, delivery.state];
    });
    assert.deepEqual(waits.slice(0, TELL_AFTER), [
      [MINUTE, 'pending'],
      [2 * MINUTE, 'pending'],
      [4 * MINUTE, 'failed'],
    ]);
    assert.deepEqual(waits.at(-1), [HOUR, 'failed']);
  });

  it('is reported at once when it cannot pass by itself', () => {
    const delivery = failedDelivery(
      { credentialId: 'v2', promotedAt: T0, state: 'sent', tries: 0 },
      { code: 'not-granted', message: 'no', lasting: true },
      T0,
    );
    assert.deepEqual([delivery.state, delivery.lookAt], ['failed', T0 + HOUR]);
  });

  it('without a courier is a failure of which its owner is notified', () => {
    const token = withoutCourier(tokenWith(CI), () => false, T0 + HOUR);
    const delivery = token.consumers?.[0]?.delivery;
    assert.deepEqual(
      [delivery?.state, delivery?.problem?.code, delivery?.lookAt],
      ['failed', 'delivery-disabled', T0 + 2 * HOUR],
    );
    assert.match(delivery?.problem?.message ?? '', /of the kind github: add it to delivery in keyturn\.json/);
    assert.equal(
      withoutCourier(token, () => false, T0 + HOUR),
      token,
      'not again before it is due',
    );
    assert.deepEqual(
      withoutCourier(tokenWith(CI), () => true, T0 + HOUR),
      tokenWith(CI),
    );
  });
});
