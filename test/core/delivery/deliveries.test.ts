import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  arrivedAt,
  consumersWithState,
  countsSince,
  pendingDeliveryAt,
  pendingDeliveryOf,
  isDeliveredToAll,
  withConsumer,
  withDelivery,
} from '../../../functions/core/delivery/deliveries.ts';
import { HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import type { Consumer } from '../../../functions/core/consumers/consumer-state.ts';
import { T0, aToken } from '../../fakes/tokens.ts';
import { BROUGHT, CI, CURRENT, OLD, tokenWith } from './delivery-cases.ts';

describe('a pending delivery', () => {
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
    'is none for kinds that are only watched, for a value that its issuer rejects, and without a current ' +
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

  it('of a restart or a notice waits for the target secrets of the token, and counts from then on', () => {
    const app: Consumer = { name: 'app', kind: 'secret', target: 'prod/app:TOKEN' };
    const api: Consumer = { name: 'api', kind: 'ecs', target: 'prod/api' };
    const failed = { ...BROUGHT, state: 'failed', provenAt: undefined, lookAt: T0 + HOUR } as const;
    const waiting = tokenWith(api, { consumers: [api, { ...app, delivery: failed }, CI] });
    assert.equal(pendingDeliveryAt(waiting, api), T0 + HOUR);
    assert.equal(pendingDeliveryAt(waiting, CI), T0 + MINUTE, 'a value goes at once');
    const there = tokenWith(api, { consumers: [api, { ...app, delivery: BROUGHT }] });
    assert.equal(pendingDeliveryAt(there, api), T0 + MINUTE);
    const pending = pendingDeliveryOf(there, api) ?? assert.fail();
    assert.equal(countsSince(there, pending), T0 + 2 * MINUTE);
    assert.equal(countsSince(tokenWith(api), pending), T0 + MINUTE);
    const asked = { ...pending, delivery: { ...pending.delivery, asked: { request: 1, at: T0 + HOUR } } };
    assert.equal(countsSince(there, asked), T0 + HOUR);
  });

  it('waits while another run brings something there', () => {
    const busy = { ...CI, busyUntil: T0 + HOUR };
    assert.equal(pendingDeliveryAt(tokenWith(busy), busy), T0 + HOUR);
  });
});

describe('a delivery', () => {
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
