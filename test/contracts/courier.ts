import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { describe, it } from 'node:test';
import type { Courier, Parcel } from '../../functions/core/delivery/courier.ts';
import { KeyturnError, type ErrorCode } from '../../functions/core/basics/errors.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { MINUTE } from '../../functions/core/basics/time.ts';

/** One kind of consumer, its courier, and what a test does to its destination. */
export interface CourierUnderTest {
  readonly courier: Courier;
  readonly target: string;
  /** What the consumer has after a delivery: the value, or the version of its notice. */
  held(): Promise<string | undefined>;
  readonly holds: 'value' | 'version';
  /** Lets time pass until a delivery that was sent has arrived. */
  settle?(): Promise<void>;
  /** Sets the destination to answer so from now on; undefined where it is none of HTTP's. */
  readonly disorder?: (how: 'refused' | 'down' | 'throttled' | undefined) => void;
}

export const CONTRACT_SECRET = 'prod/billing/gitlab';
export const CONTRACT_VALUE = 'glpat-CONTRACT-CANARY-81f2';

export function parcelFor(
  target: string,
  change: Partial<Parcel> & { readonly kind: Parcel['consumer']['kind'] },
): Parcel {
  const { kind, ...rest } = change;
  return {
    id: 'd0000000-0000-8000-8000-000000000001',
    tokenId: `${CONTRACT_SECRET}-AbC123`,
    secretName: CONTRACT_SECRET,
    secretArn: `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${CONTRACT_SECRET}-AbC123`,
    versionId: 'v2',
    consumer: { name: 'x', kind, target },
    promotedAt: 0,
    since: change.promotedAt ?? 0,
    ...rest,
  };
}

/**
 * What every courier has to do. `make` gives one that is granted the contract's secret, with a destination of
 * its own.
 */
export function courierContract(name: string, make: () => Promise<CourierUnderTest>): void {
  describe(`courier contract: ${name}`, () => {
    const carry = (one: CourierUnderTest, change: Partial<Parcel> = {}, value = CONTRACT_VALUE) =>
      one.courier.carry(
        parcelFor(one.target, { kind: one.courier.kind, ...change }),
        async () => new Secret(value),
      );

    async function arrive(
      one: CourierUnderTest,
      change: Partial<Parcel> = {},
      value = CONTRACT_VALUE,
    ): Promise<string> {
      for (let looks = 0; looks < 5; looks++) {
        const passage = await carry(one, change, value);
        if (passage.outcome === 'proven') return passage.proof;
        assert.ok(passage.lookAt > 0 && passage.receipt !== '');
        await one.settle?.();
      }
      return assert.fail('it did not arrive');
    }

    it('brings it, and says by what that is confirmed, without the value', async () => {
      const one = await make();
      const proof = await arrive(one);
      assert.equal(await one.held(), one.holds === 'value' ? CONTRACT_VALUE : 'v2');
      assert.match(proof, /^[^A-Z]*\w/);
      assert.ok(!proof.includes(CONTRACT_VALUE));
    });

    it('brought twice is brought once, and a later one takes its place', async () => {
      const one = await make();
      await arrive(one);
      await arrive(one);
      assert.equal(await one.held(), one.holds === 'value' ? CONTRACT_VALUE : 'v2');
      await arrive(
        one,
        { id: 'd0000000-0000-8000-8000-000000000002', versionId: 'v3', promotedAt: 3 * MINUTE },
        'next',
      );
      assert.equal(await one.held(), one.holds === 'value' ? 'next' : 'v3');
    });

    it('obtains nothing for a secret that is not granted, whatever its tags say', async () => {
      const one = await make();
      if (one.courier.kind === 'event') return;
      let isRead = false;
      const read = async (): Promise<Secret> => {
        isRead = true;
        return new Secret(CONTRACT_VALUE);
      };
      for (const secretName of ['prod/other/gitlab', `${CONTRACT_SECRET}-2`, 'dev/prod/billing/gitlab'])
        await assert.rejects(
          one.courier.carry(parcelFor(one.target, { kind: one.courier.kind, secretName }), read),
          { code: 'not-granted', message: /add a grant to / },
        );
      assert.equal(isRead, false, 'the value is not even read');
      assert.equal(await one.held(), undefined);
    });

    const failures: [how: 'refused' | 'down' | 'throttled', code: ErrorCode, retry: boolean][] = [
      ['refused', 'admin-credential-rejected', false],
      ['down', 'issuer-unreachable', true],
      ['throttled', 'issuer-throttled', true],
    ];
    for (const [how, code, retry] of failures)
      it(`says ${code} when its destination is ${how}, and holds no value in it`, async () => {
        const one = await make();
        if (!one.disorder) return;
        one.disorder(how);
        await assert.rejects(carry(one), (error) => {
          assert.ok(error instanceof KeyturnError, inspect(error));
          assert.deepEqual([error.code, error.rule.retry], [code, retry]);
          assert.ok(!inspect(error, { depth: 9 }).includes(CONTRACT_VALUE));
          return true;
        });
        one.disorder(undefined);
        await arrive(one);
      });
  });
}
