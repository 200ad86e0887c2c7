import type { Filler, Lags, Slots } from '../../functions/core/issuer/issuer-facts.ts';

/** An issuer that has so many slots, which nothing fills but what `filledBy` names. */
export function slotsOf(count: number, filledBy: readonly Filler[] = []): Slots {
  return { count, of: ['account'], filledBy };
}

/** An issuer that accepts and refuses at once. */
export const NO_LAGS: Lags = { accepted: 0, refused: 0 };
