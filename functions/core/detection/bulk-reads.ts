import * as z from 'zod';
import { DAY, HOUR, MINUTE, SECOND, formatDuration, formatInstant, type Instant, type Millis } from '../time.ts';
import type { Sight } from './access.ts';
import { markOf } from './baseline.ts';
import { STAYS, type Unusual } from './unusual.ts';

/** So many tokens, and so many of which each would ring the pager by itself, make a bulk read. */
export const MANY = { tokens: 5, loud: 3 } as const;
/** Reads further apart than this are told one by one. */
const WITHIN = DAY;
/** The most that is kept; the record of an installation never grows by more than about 80 kB. */
const MOST = { readers: 8, tokens: 200, places: 4, names: 3 } as const;

/** A principal that read tokens as it usually does not: as a stranger, or from where it never was. */
export const OddReader = z.strictObject({
  principal: z.string(),
  /** By marks of the tokens' ids, each once, with its first such read. */
  tokens: z.array(z.strictObject({ id: z.string(), at: z.number(), loud: z.boolean() })).readonly(),
  names: z.array(z.string()).readonly(),
  places: z.array(z.string()).readonly(),
  /** True where it is a usual reader of all of them, and only the place is new. */
  isReader: z.boolean(),
});
export type OddReader = z.infer<typeof OddReader>;

/** One such read, as the habits of one token show it. */
export interface OddRead {
  readonly tokenId: string;
  readonly tokenName: string;
  readonly sight: Sight;
  readonly isLoud: boolean;
  readonly isReader: boolean;
}

/** What of a token's findings is a read that its habits do not explain. */
export function oddReadsIn(token: { id: string; name: string }, unusual: readonly Unusual[]): OddRead[] {
  return unusual.flatMap(({ kind, severity, sight }) =>
    sight && (kind === 'unknown-principal' || kind === 'new-network') ? [{ tokenId: token.id, tokenName: token.name, sight, isLoud: severity === 'critical', isReader: kind === 'new-network' }] : [],
  );
}

/** Takes odd reads into account, over all tokens and batches; those that were seen before change nothing. */
export function withOddReads(readers: readonly OddReader[], reads: readonly OddRead[]): OddReader[] {
  const next = new Map(readers.map((one) => [one.principal, one]));
  for (const read of [...reads].sort((a, b) => a.sight.at - b.sight.at)) {
    const before = next.get(read.sight.principal);
    const after = withRead(before, read);
    if (after === before) continue;
    next.delete(after.principal);
    next.set(after.principal, after);
  }
  return [...next.values()].slice(-MOST.readers);
}

function withRead(before: OddReader | undefined, { tokenId, tokenName, sight, isLoud, isReader }: OddRead): OddReader {
  const id = markOf(tokenId);
  const latest = Math.max(sight.at, ...(before?.tokens ?? []).map((one) => one.at));
  const lately = (before?.tokens ?? []).filter((one) => one.at > latest - WITHIN);
  const isKnown = lately.some((one) => one.id === id);
  if (before && (isKnown || lately.length >= MOST.tokens || sight.at <= latest - WITHIN)) return before;
  const goesOn = lately.length > 0 ? before : undefined;
  return {
    principal: sight.principal,
    tokens: [...lately, { id, at: sight.at, loud: isLoud }],
    names: [...(goesOn?.names ?? []), tokenName].slice(0, MOST.names),
    places: [...new Set([...(goesOn?.places ?? []), `${sight.network} in ${sight.region} with ${sight.agent}`])].slice(-MOST.places),
    isReader: (goesOn?.isReader ?? true) && isReader,
  };
}

/**
 * Whether what somebody read is one thing: five tokens or more within a day, or three that would each ring the pager. Only odd reads count, so that a principal that reads
 * its usual set from its usual places, however large, however often, however fast, never makes one.
 */
function isBulk({ tokens }: OddReader): boolean {
  return tokens.length >= MANY.tokens || tokens.filter((one) => one.loud).length >= MANY.loud;
}

/** Whether the finding of the installation tells of a principal's odd reads of a token. */
export function isInBulk(readers: readonly OddReader[], principal: string, tokenId: string): boolean {
  const reader = readers.find((one) => one.principal === principal);
  return reader !== undefined && isBulk(reader) && (reader.tokens.length >= MOST.tokens || reader.tokens.some((one) => one.id === markOf(tokenId)));
}

/** The one finding for each who reads in bulk. */
export function bulkReads(readers: readonly OddReader[]): Unusual[] {
  return readers.filter(isBulk).map((one) => {
    const [first, last] = [Math.min(...one.tokens.map(({ at }) => at)), Math.max(...one.tokens.map(({ at }) => at))];
    return { kind: 'bulk-read', subject: one.principal, severity: 'critical', until: last + STAYS.stranger, detail: detailOf(one, first, last) };
  });
}

function detailOf({ principal, tokens, names, places, isReader }: OddReader, first: Instant, last: Instant): string {
  const count = tokens.length >= MOST.tokens ? `${MOST.tokens} tokens or more` : `${tokens.length} tokens`;
  const odd = isReader ? 'from where it never was before' : 'that it does not usually read';
  const more = tokens.length > names.length ? ` and ${tokens.length - names.length} more` : '';
  const within = formatDuration(roundedUp(Math.max(SECOND, last - first)));
  return `${principal} read ${count} ${odd}, within ${within}, from ${places.join('; ')}, first at ${formatInstant(first)}: ${names.join(', ')}${more}.`;
}

/** To what people count in. */
function roundedUp(length: Millis): Millis {
  const unit = [HOUR, MINUTE].find((one) => length > 3 * one) ?? SECOND;
  return Math.ceil(length / unit) * unit;
}
