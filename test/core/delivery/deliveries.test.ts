import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  TELL_AFTER,
  arrivedAt,
  consumersWithState,
  pendingDeliveryAt,
  pendingDeliveryOf,
  failedDelivery,
  isDeliveredToAll,
  withConsumer,
  withDelivery,
  withoutCourier,
} from '../../../functions/core/delivery/deliveries.ts';
import { HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import type { Consumer, Delivery } from '../../../functions/core/consumers/consumer-state.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const CURRENT: Credential = {
  id: 'v2',
  versionId: 'v2',
  handle: 'h2',
  origin: 'minted',
  state: 'current',
  bornAt: T0,
  promotedAt: T0 + MINUTE,
};
const OLD: Credential = {
  id: 'v1',
  versionId: 'v1',
  handle: 'h1',
  origin: 'minted',
  state: 'previous',
  supersededAt: T0 + MINUTE,
};
const CI: Consumer = { name: 'ci', kind: 'github', target: 'acme/billing:TOKEN' };
const BROUGHT: Delivery = {
  credentialId: 'v2',
  promotedAt: T0 + MINUTE,
  state: 'proven',
  tries: 0,
  provenAt: T0 + 2 * MINUTE,
};

function tokenWith(consumer: Consumer, change: Partial<Token> = {}): Token {
  return aToken({ credentials: [OLD, CURRENT], consumers: [consumer], ...change });
}

describe('an errand', () => {
  it('is to deliver the current credential to a consumer that has not got it', () => {
    const token = tokenWith(CI);
    assert.deepEqual(pendingDeliveryOf(token, CI)?.delivery, {
      credentialId: 'v2',
      promotedAt: T0 + MINUTE,
      state: 'pending',
      tries: 0,
    });
    assert.equal(pendingDeliveryAt(token, CI), T0 + MINUTE);
  });

  it('is over once it is confirmed, and begins anew with the next promotion, a rollback included', () => {
    const done = { ...CI, delivery: BROUGHT };
    assert.equal(pendingDeliveryOf(tokenWith(done), done), undefined);
    assert.equal(arrivedAt(tokenWith(done), done), T0 + 2 * MINUTE);
    assert.deepEqual([isDeliveredToAll(tokenWith(done)), isDeliveredToAll(tokenWith(CI))], [true, false]);
    const back = tokenWith(done, { credentials: [{ ...CURRENT, promotedAt: T0 + HOUR }] });
    assert.equal(pendingDeliveryOf(back, done)?.delivery.promotedAt, T0 + HOUR);
    assert.equal(arrivedAt(back, done), undefined);
  });

  it(
    'is none for kinds that are only watched, for a value that its issuer refuses, and without a current ' +
      'value',
    () => {
      const role: Consumer = { ...CI, kind: 'role', target: 'api' };
      assert.equal(pendingDeliveryOf(tokenWith(role), role), undefined);
      assert.equal(pendingDeliveryOf(tokenWith(CI, { refusedSince: T0 }), CI), undefined);
      assert.equal(pendingDeliveryOf(tokenWith(CI, { credentials: [] }), CI), undefined);
    },
  );

  it('is none for an adopted value that nothing older stands beside: consumers have it already', () => {
    assert.equal(pendingDeliveryOf(tokenWith(CI, { credentials: [CURRENT] }), CI), undefined);
    assert.ok(pendingDeliveryOf(tokenWith(CI, { credentials: [OLD, CURRENT] }), CI));
    assert.ok(
      pendingDeliveryOf(
        tokenWith(CI, {
          credentials: [CURRENT],
          attempts: [{ id: 'v2', cause: 'first', state: 'promoted', openedAt: T0, deadline: T0, mints: [] }],
        }),
        CI,
      ),
      'the first value of an empty secret is news',
    );
  });

  it('waits while another run brings something there', () => {
    const busy = { ...CI, busyUntil: T0 + HOUR };
    assert.equal(pendingDeliveryAt(tokenWith(busy), busy), T0 + HOUR);
  });
});

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

  it('of a credential that is current no more changes nothing, and frees the consumer', () => {
    const pendingDelivery = pendingDeliveryOf(tokenWith(CI), CI);
    assert.ok(pendingDelivery);
    const later = tokenWith(
      { ...CI, busyUntil: T0 + HOUR },
      { credentials: [OLD, { ...CURRENT, id: 'v3', versionId: 'v3' }] },
    );
    const left = withDelivery(later, pendingDelivery, () => BROUGHT).consumers?.[0];
    assert.deepEqual([left?.delivery, left?.busyUntil], [undefined, undefined]);
    assert.equal(
      withDelivery(tokenWith(CI), pendingDelivery, () => BROUGHT).consumers?.[0]?.delivery,
      BROUGHT,
    );
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

describe('what is known of a consumer', () => {
  it('stays while it is declared as it was', () => {
    const known = [{ ...CI, delivery: BROUGHT }];
    assert.deepEqual(consumersWithState([CI], known), known);
    assert.deepEqual(consumersWithState([{ ...CI, target: 'acme/other:TOKEN' }], known), [
      { ...CI, target: 'acme/other:TOKEN' },
    ]);
    assert.equal(consumersWithState([], known), undefined);
  });

  it('changes by name', () => {
    assert.deepEqual(withConsumer(tokenWith(CI), 'ci', (one) => ({ ...one, busyUntil: 1 })).consumers, [
      { ...CI, busyUntil: 1 },
    ]);
    assert.deepEqual(
      withConsumer(aToken(), 'ci', (one) => ({ ...one, busyUntil: 1 })),
      aToken(),
    );
  });
});
