import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  CLOCK_SKEW,
  MINT_TIME,
  isMadeAfter,
  isOfMintAt,
} from '../../../functions/core/issuer/mint-window.ts';
import { HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';

const off = (by: number): { host: string; least: number; most: number; seenAt: number } => ({
  host: 'issuer.test',
  least: by - 1_000,
  most: by + 1_000,
  seenAt: T0,
});

describe('when an issuer may say that it made what a mint left', () => {
  it('is while its function ran, by clocks that agree as far as anybody knows', () => {
    assert.deepEqual(
      [
        T0 - CLOCK_SKEW - 1,
        T0 - CLOCK_SKEW,
        T0 + MINT_TIME + CLOCK_SKEW,
        T0 + MINT_TIME + CLOCK_SKEW + 1,
      ].map((at) => isOfMintAt(at, T0, undefined)),
      [false, true, true, false],
    );
  });

  it(
    'is as much later where its clock is ahead, or as much earlier where it is behind, and on the other ' +
      'side no more than usual',
    () => {
      for (const by of [3 * MINUTE, HOUR, 30 * HOUR])
        for (const took of [0, MINT_TIME]) {
          assert.ok(isOfMintAt(T0 + took + by, T0, off(by)), `ahead by ${by}`);
          assert.ok(isOfMintAt(T0 + took - by, T0, off(-by)), `behind by ${by}`);
          assert.ok(!isOfMintAt(T0 - CLOCK_SKEW - 1, T0, off(by)));
          assert.ok(!isOfMintAt(T0 + MINT_TIME + CLOCK_SKEW + 1, T0, off(-by)));
        }
    },
  );

  it('is for both clocks, since it may have been set right meanwhile', () => {
    for (const by of [HOUR, -HOUR]) assert.ok(isOfMintAt(T0 + MINUTE, T0, off(by)));
  });
});

describe('whether a credential was made after another one had ended', () => {
  it('is certain only beyond what clocks may differ by', () => {
    assert.deepEqual(
      [isMadeAfter(T0 + CLOCK_SKEW, T0, undefined), isMadeAfter(T0 + CLOCK_SKEW + 1, T0, undefined)],
      [false, true],
    );
    assert.deepEqual(
      [
        isMadeAfter(T0 + HOUR, T0, off(HOUR)),
        isMadeAfter(T0 + HOUR, T0, off(-HOUR)),
        isMadeAfter(T0 + 2 * HOUR, T0, off(HOUR)),
      ],
      [false, true, true],
    );
  });
});
