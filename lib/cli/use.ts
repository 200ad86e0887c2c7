import { consumerText } from '../../functions/core/delivery/consumers.ts';
import type { Reading } from '../../functions/core/detection/readers.ts';
import type { ProviderDescriptor } from '../../functions/core/provider.ts';
import { formatInstant, type Instant } from '../../functions/core/time.ts';
import type { Token } from '../../functions/core/token.ts';
import { fromNow } from './words.ts';

/** Who is known to use a token, before a person ends it. */
export function useLines(token: Token, readings: readonly Reading[], { facts, now }: { facts: ProviderDescriptor | undefined; now: Instant }): string[] {
  const consumers = (token.consumers ?? []).map((one) => `${one.name} (${consumerText(one)})`);
  const declared = consumers.length === 0 ? 'No consumer of it is declared.' : `Declared consumers: ${consumers.join(', ')}.`;
  return [`Last use of ${token.name} at its issuer: ${usedText(token, facts, now)}.`, declared, `Read by: ${readersText(readings, now)}.`];
}

/** More of them say little more. */
const MOST_READERS = 8;

/** Who reads a token, the latest first, and when last. */
export function readersText(readings: readonly Reading[], now: Instant): string {
  if (readings.length === 0) return 'nobody that a trail has seen';
  const rest = readings.length - MOST_READERS;
  const named = readings.slice(0, MOST_READERS).map((one) => `${one.principal} (${fromNow(one.at, now)}${one.isKnown ? '' : ', not accepted'})`);
  return `${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** The last use by anybody but Keyturn: its own probes are not uses. */
export function usedText(token: Token, facts: Pick<ProviderDescriptor, 'lastUsedEvery'> | undefined, now: Instant): string {
  const when = (at: Instant): string => `${formatInstant(at)} (${fromNow(at, now)})`;
  if (token.use === undefined) return facts?.lastUsedEvery === undefined ? 'not known: the issuer does not tell' : 'not known yet: the issuer tells, and was not asked yet';
  return token.use.last === undefined ? `not since ${when(token.use.since)}` : when(token.use.last);
}
