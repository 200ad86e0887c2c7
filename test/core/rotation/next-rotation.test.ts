import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'node:test';
import { DEFAULT_POLICY } from '../../../functions/core/policy/policy.ts';
import { slotsLeft } from '../../../functions/core/rotation/slots.ts';
import {
  backoff,
  graceEnds,
  nextRotation,
  rotationWish,
} from '../../../functions/core/rotation/next-rotation.ts';
import { DAY, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import { isUnderWay, openAttempt } from '../../../functions/core/token/lookups.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { anyTokens, instants, providerFacts, tokens } from '../../fakes/arbitraries.ts';
import { T0, aToken } from '../../fakes/tokens.ts';
import { MANY, current } from './rotation-cases.ts';

describe('the wish for a rotation', () => {
  it('comes at once where there is no current credential', () => {
    assert.deepEqual(rotationWish(aToken()), { at: T0, cause: 'first' });
  });

  it('is the earliest of interval, age, expiry and what a person asked', () => {
    const wishes = [
      { credential: current(), change: {}, wish: { at: T0 + 30 * DAY, cause: 'due' } },
      {
        credential: current({ issuedAt: T0 - 80 * DAY }),
        change: {},
        wish: { at: T0 + 10 * DAY, cause: 'due' },
      },
      {
        credential: current({ expiresAt: T0 + 40 * DAY }),
        change: {},
        wish: { at: T0 + 26 * DAY, cause: 'expiry' },
      },
      {
        credential: current({ expiresAt: T0 + 40 * DAY }),
        change: { rotateRequestedAt: T0 + HOUR },
        wish: { at: T0 + HOUR, cause: 'operator' },
      },
    ];
    for (const { credential, change, wish } of wishes)
      assert.deepEqual(rotationWish(aToken({ credentials: [credential], ...change })), wish);
  });

  it('comes when the token became inactive early, if its policy says so, once a week at most', () => {
    const inactive = {
      credentials: [current()],
      refusedSince: T0 + HOUR,
      policy: { ...DEFAULT_POLICY, onInactive: 'rotate' as const },
    };
    assert.deepEqual(rotationWish(aToken(inactive)), { at: T0 + HOUR, cause: 'inactive' });
    assert.deepEqual(rotationWish(aToken({ ...inactive, revivedAt: T0 })), {
      at: T0 + 7 * DAY,
      cause: 'inactive',
    });
    assert.equal(rotationWish(aToken({ ...inactive, policy: DEFAULT_POLICY }))?.cause, 'due');
    assert.equal(rotationWish(aToken({ ...inactive, refusedSince: undefined }))?.cause, 'due');
  });

  it('leaves a value that was too old when it was adopted in place for a day', () => {
    const adopted = current({ origin: 'adopted', issuedAt: T0 - 900 * DAY });
    assert.deepEqual(rotationWish(aToken({ credentials: [adopted] })), { at: T0 + DAY, cause: 'due' });
    assert.deepEqual(rotationWish(aToken({ credentials: [current({ issuedAt: T0 - 900 * DAY })] })), {
      at: T0 - 810 * DAY,
      cause: 'due',
    });
  });

  it('comes at half the life of a credential that lives shorter than the lead time, not at once', () => {
    assert.deepEqual(rotationWish(aToken({ credentials: [current({ expiresAt: T0 + 10 * DAY })] })), {
      at: T0 + 5 * DAY,
      cause: 'expiry',
    });
    assert.deepEqual(rotationWish(aToken({ credentials: [current({ expiresAt: T0 - DAY })] })), {
      at: T0,
      cause: 'expiry',
    });
  });

  it(
    'is earlier by what the clock of the issuer is off beyond the usual, and at half of its life all the ' +
      'same',
    () => {
      const off = (by: number) => ({ issuerClock: { host: 'issuer.test', least: by, most: by, seenAt: T0 } });
      const policy = { ...DEFAULT_POLICY, rotateBeforeExpiry: DAY };
      for (const by of [HOUR, -HOUR, 0, 90 * DAY]) {
        const at = rotationWish(
          aToken({ policy, credentials: [current({ expiresAt: T0 + 10 * DAY })], ...off(by) }),
        )?.at;
        assert.equal(
          at,
          Math.max(T0 + 5 * DAY, T0 + 9 * DAY - Math.max(0, Math.abs(by) - 2 * MINUTE)),
          `off by ${by}`,
        );
      }
    },
  );

  it('comes before expiry, and later than the promotion', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 2, max: 400 * 24 * 60 }), (promotedAt, life) => {
        const expiresAt = promotedAt + life * MINUTE;
        const wish = rotationWish(
          aToken({ credentials: [current({ promotedAt, issuedAt: promotedAt, expiresAt })] }),
        );
        assert.ok(wish && wish.at > promotedAt && wish.at < expiresAt);
      }),
    );
  });

  it(
    'comes earlier by the jitter, the same for one credential whenever it is asked, and differently for ' +
      'each',
    () => {
      const at = (id: string): number =>
        rotationWish(aToken({ id, policy: { ...DEFAULT_POLICY, jitter: 2 * DAY }, credentials: [current()] }))
          ?.at ?? 0;
      const moments = Array.from({ length: 200 }, (_, index) => at(`many/${index}-AbC123`));
      assert.ok(moments.every((one) => one > T0 + 28 * DAY && one <= T0 + 30 * DAY));
      assert.ok(new Set(moments).size > 190);
      const firstHalf = moments.filter((one) => one < T0 + 29 * DAY).length;
      assert.ok(firstHalf > 60 && firstHalf < 140, `${firstHalf} of 200 in the first half`);
      assert.equal(at('a-AbC123'), at('a-AbC123'));
    },
  );

  it('is none for a secret that is gone or cannot be managed', () => {
    assert.equal(rotationWish(aToken({ detachedAt: T0 })), undefined);
    assert.equal(rotationWish(aToken({ unusable: 'why' })), undefined);
  });
});

describe('the next rotation', () => {
  it(
    'waits for the one under way, for its tidying up and for a slot; otherwise it is never before the ' +
      'wish',
    () => {
      fc.assert(
        fc.property(anyTokens, providerFacts, instants, (token, facts, now) => {
          const wish = rotationWish(token);
          const next = nextRotation(token, facts, now);
          const untidy = token.attempts.some((one) => !isUnderWay(one) && one.tidy !== true);
          const mayCome =
            wish !== undefined && !openAttempt(token) && !untidy && slotsLeft(token, facts, now) > 0;
          assert.equal(next !== undefined, mayCome);
          // Only a closed calendar brings it forward.
          if (next && wish && token.policy.rotationWindows.length + token.policy.freezes.length === 0)
            assert.ok(next.at >= wish.at);
        }),
      );
    },
  );

  it('waits longer after each failure, never longer than six hours', () => {
    const waits = Array.from({ length: 40 }, (_, failures) => backoff(failures));
    assert.deepEqual(waits.slice(0, 4), [0, 0, 10 * MINUTE, 20 * MINUTE]);
    waits.forEach((wait, at) => assert.ok(wait >= (waits[at - 1] ?? 0) && wait <= 6 * HOUR));
    const failed = aToken({ failures: 3, failedAt: T0 + DAY });
    assert.deepEqual(nextRotation(failed, MANY, T0), {
      at: T0 + DAY + 20 * MINUTE,
      cause: 'retry',
      wishedAt: T0 + DAY + 20 * MINUTE,
    });
  });
});

describe('grace', () => {
  it('lasts at least as long as the policy says and a consumer may keep a value', () => {
    fc.assert(
      fc.property(tokens, (token) => {
        for (const one of token.credentials) {
          const ends = graceEnds(token, one);
          if (one.withoutGrace) assert.equal(ends, one.supersededAt ?? 0);
          else
            assert.ok(
              ends >= (one.supersededAt ?? 0) + token.policy.minGrace &&
                ends >= (one.supersededAt ?? 0) + token.policy.cacheTtl,
            );
        }
      }),
    );
    const old: Credential = { ...current(), state: 'previous', supersededAt: T0 };
    assert.equal(graceEnds(aToken(), old), T0 + 2 * HOUR);
    assert.equal(
      graceEnds(aToken({ policy: { ...DEFAULT_POLICY, cacheTtl: 5 * HOUR } }), old),
      T0 + 5 * HOUR,
    );
  });
});
