import { consumerText } from '../../../functions/core/consumers/consumers.ts';
import type { Reading } from '../../../functions/core/detection/readers.ts';
import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import { formatInstant, type Instant } from '../../../functions/core/basics/time.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { fromNow } from '../output/words.ts';

/** Who is known to use a token, before a person ends it. */
export function useLines(
  token: Token,
  readings: readonly Reading[],
  { facts, now }: { facts: ProviderDescriptor | undefined; now: Instant },
): string[] {
  const consumers = (token.consumers ?? []).map((one) => `${one.name} (${consumerText(one)})`);
  const declared =
    consumers.length === 0
      ? 'No consumer of it is declared.'
      : `Declared consumers: ${consumers.join(', ')}.`;
  return [
    `Last use of ${token.name} at its issuer: ${usedText(token, facts, now)}.`,
    declared,
    `Read by: ${readersText(readings, now)}.`,
  ];
}

/** More of them say little more. */
const MOST_READERS = 8;

/** Who reads a token, the latest first, and when last. */
export function readersText(readings: readonly Reading[], now: Instant): string {
  if (readings.length === 0) return 'no reader that a trail has shown';
  const rest = readings.length - MOST_READERS;
  const named = readings
    .slice(0, MOST_READERS)
    .map((one) => `${one.principal} (${fromNow(one.at, now)}${one.isKnown ? '' : ', not known'})`);
  return `${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** The last use by anybody but Keyturn: its own probes are not uses. */
export function usedText(
  token: Token,
  facts: Pick<ProviderDescriptor, 'lastUsedEvery'> | undefined,
  now: Instant,
): string {
  const when = (at: Instant): string => `${formatInstant(at)} (${fromNow(at, now)})`;
  if (token.use === undefined) return unknownUse(token, facts);
  return token.use.last === undefined ? `not since ${when(token.use.since)}` : when(token.use.last);
}

/** Why no use is on record: the issuer never reports one, or has not yet. */
function unknownUse(
  { provider }: Token,
  facts: Pick<ProviderDescriptor, 'lastUsedEvery'> | undefined,
): string {
  if (facts === undefined) return `not known: this version of keyturn does not know the issuer ${provider}`;
  if (facts.lastUsedEvery === undefined) return 'not known: this issuer does not report it';
  return 'not known yet: the issuer has not reported it for the current credential';
}
