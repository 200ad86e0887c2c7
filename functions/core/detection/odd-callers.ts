import * as z from 'zod';
import type { FindingKind } from '../findings/findings.ts';
import {
  DAY,
  HOUR,
  MINUTE,
  SECOND,
  formatDuration,
  formatInstant,
  type Instant,
  type Millis,
} from '../basics/time.ts';
import type { Sight } from './access.ts';
import { markOf } from './baseline.ts';
import type { Unusual } from './anomaly.ts';
import { kept } from '../basics/record.ts';

/** What is further apart than this is told token by token. */
const WITHIN = DAY;
/** The most that is kept; the record of an installation never grows by more than about 80 kB in all. */
const MOST = { callers: 8, tokens: 100, places: 4, names: 3 } as const;

/**
 * A principal that did the same odd thing at several tokens: read them as a stranger or from where it never
 * was, or was denied.
 */
export const OddCaller = kept({
  principal: z.string(),
  /** By marks of the tokens' ids, each once, with the first such call. */
  tokens: z.array(kept({ id: z.string(), at: z.number(), loud: z.boolean() })).readonly(),
  names: z.array(z.string()).readonly(),
  places: z.array(z.string()).readonly(),
  /** True where it is a usual reader of all of them, and only the place is new. */
  isReader: z.boolean(),
});
export type OddCaller = z.infer<typeof OddCaller>;

/** One such call, as the habits of one token show it. */
export interface OddCall {
  readonly tokenId: string;
  readonly tokenName: string;
  readonly sight: Sight;
  readonly isLoud: boolean;
  readonly isReader: boolean;
}

/** What of a token's findings is a call that its habits do not explain: a read, or a denial. */
export function oddCallsIn(
  token: { id: string; name: string },
  unusual: readonly Unusual[],
): { reads: OddCall[]; denials: OddCall[] } {
  const calls = (...kinds: readonly FindingKind[]): OddCall[] =>
    unusual.flatMap(({ kind, severity, sight }) =>
      sight && kinds.includes(kind)
        ? [
            {
              tokenId: token.id,
              tokenName: token.name,
              sight,
              isLoud: severity === 'critical',
              isReader: kind === 'reader-location-new',
            },
          ]
        : [],
    );
  return { reads: calls('reader-unrecognized', 'reader-location-new'), denials: calls('access-denied') };
}

/** Takes odd calls into account, over all tokens and batches; those that were seen before change nothing. */
export function withOddCalls(callers: readonly OddCaller[], calls: readonly OddCall[]): OddCaller[] {
  const next = new Map(callers.map((one) => [one.principal, one]));
  for (const call of [...calls].sort((a, b) => a.sight.at - b.sight.at)) {
    const before = next.get(call.sight.principal);
    const after = withCall(before, call);
    if (after === before) continue;
    next.delete(after.principal);
    next.set(after.principal, after);
  }
  return [...next.values()].slice(-MOST.callers);
}

function withCall(
  before: OddCaller | undefined,
  { tokenId, tokenName, sight, isLoud, isReader }: OddCall,
): OddCaller {
  const id = markOf(tokenId);
  const latest = Math.max(sight.at, ...(before?.tokens ?? []).map((one) => one.at));
  const lately = (before?.tokens ?? []).filter((one) => one.at > latest - WITHIN);
  const isKnown = lately.some((one) => one.id === id);
  if (before && (isKnown || lately.length >= MOST.tokens || sight.at <= latest - WITHIN)) return before;
  const goesOn = lately.length > 0 ? before : undefined;
  return {
    ...goesOn,
    principal: sight.principal,
    tokens: [...lately, { id, at: sight.at, loud: isLoud }],
    names: [...(goesOn?.names ?? []), tokenName].slice(0, MOST.names),
    places: [
      ...new Set([...(goesOn?.places ?? []), `${sight.network} in ${sight.region} with ${sight.agent}`]),
    ].slice(-MOST.places),
    isReader: (goesOn?.isReader ?? true) && isReader,
  };
}

/** Whether a finding over all tokens tells of what a principal did to a token. */
export function isCovered(
  callers: readonly OddCaller[],
  isMany: (one: OddCaller) => boolean,
  { principal, tokenId }: { principal: string; tokenId: string },
): boolean {
  const caller = callers.find((one) => one.principal === principal);
  return (
    caller !== undefined &&
    isMany(caller) &&
    (caller.tokens.length >= MOST.tokens || caller.tokens.some((one) => one.id === markOf(tokenId)))
  );
}

/** How many tokens, in words. */
export function countOf({ tokens }: OddCaller): string {
  return tokens.length >= MOST.tokens ? `${MOST.tokens} tokens or more` : `${tokens.length} tokens`;
}

export function lastOf({ tokens }: OddCaller): Instant {
  return Math.max(...tokens.map(({ at }) => at));
}

/** Within what time, from where, and which tokens: the end of each sentence about many of them. */
export function circumstancesOf({ tokens, names, places }: OddCaller): string {
  const first = Math.min(...tokens.map(({ at }) => at));
  const last = Math.max(...tokens.map(({ at }) => at));
  const more = tokens.length > names.length ? ` and ${tokens.length - names.length} more` : '';
  return (
    `within ${formatDuration(roundedUp(Math.max(SECOND, last - first)))}, from ${places.join('; ')}, ` +
    `first at ${formatInstant(first)}: ${names.join(', ')}${more}`
  );
}

/** To what people count in. */
function roundedUp(length: Millis): Millis {
  const unit = [HOUR, MINUTE].find((one) => length > 3 * one) ?? SECOND;
  return Math.ceil(length / unit) * unit;
}
