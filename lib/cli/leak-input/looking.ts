import type { Owned } from '../../../functions/core/incidents/leak-reports.ts';
import type { Sighting } from './sightings.ts';

/** So many digests are asked for at most: each costs a call of KMS and one of DynamoDB. */
export const MOST_ASKED = 5_000;

export interface LookedUp {
  /** Each credential of a token once. */
  readonly owned: readonly Owned[];
  /** What no credential was found in. */
  readonly rest: readonly Sighting[];
  /** How many digests were asked for. */
  readonly asked: number;
}

/**
 * Asks for the digests of all sightings, the likeliest of each first. What found no room makes its sighting
 * one that was cut.
 */
export async function lookedUp(
  sightings: readonly Sighting[],
  whose: (digests: readonly string[]) => Promise<readonly (readonly Owned[])[]>,
): Promise<LookedUp> {
  const asked = likeliest(sightings);
  const answers = await whose(asked);
  const known = new Map(asked.map((digest, place) => [digest, answers[place] ?? []]));
  const hit = sightings.filter((one) => one.digests.some((digest) => known.get(digest)?.length));
  const decided = new Set(hit.flatMap((one) => one.numbers));
  const rest = sightings.filter((one) => !one.numbers.every((number) => decided.has(number)));
  return {
    owned: [
      ...new Map(
        [...known.values()].flat().map((one) => [`${one.tokenId} ${one.fingerprint}`, one]),
      ).values(),
    ],
    rest: rest.map((one): Sighting => ({
      ...one,
      isCut: one.isCut || one.digests.some((digest) => !known.has(digest)),
    })),
    asked: asked.length,
  };
}

/** In turns, so that no long line keeps the others from being looked at. */
function likeliest(sightings: readonly Sighting[]): string[] {
  const chosen = new Set<string>();
  const longest = sightings.reduce((most, one) => Math.max(most, one.digests.length), 0);
  for (let place = 0; place < longest; place++)
    for (const { digests } of sightings) {
      const digest = digests[place];
      if (digest === undefined) continue;
      if (chosen.size >= MOST_ASKED) return [...chosen];
      chosen.add(digest);
    }
  return [...chosen];
}
