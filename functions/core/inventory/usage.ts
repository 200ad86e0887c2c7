import { approvedUntil } from './approvals.ts';
import type { DiscoverySettings } from './discovery-settings.ts';
import type { Observation } from '../findings/findings.ts';
import { DAY, formatDuration, formatInstant, type Instant } from '../basics/time.ts';
import type { Token } from '../token/token.ts';
import type { Reading } from '../detection/readers.ts';

/** Whoever has not read a token for so long is taken for gone. */
const ACTIVE = 30 * DAY;
/**
 * People sign in under roles that IAM Identity Center makes. Source: AWS IAM Identity Center User Guide,
 * "Permission sets".
 */
const PEOPLE = /\/AWSReservedSSO_/;

/**
 * What a trail tells of a token's use: that several services read it, or, where its issuer does not report
 * use, that no service does any more. Says the same on every day, so that nothing is written without news. A
 * token that was never seen to be read is not judged: it is unknown since when the trail looks.
 */
export function usageOf(
  token: Token,
  readings: readonly Reading[],
  settings: DiscoverySettings,
  now: Instant,
): Observation[] {
  if (!settings.trail || approvedUntil(token, settings) > now) return [];
  return [...severalReaders(readings, now), ...noReader(token, readings, settings, now)];
}

function severalReaders(readings: readonly Reading[], now: Instant): Observation[] {
  const services = readings
    .filter((one) => one.isKnown && now - one.at < ACTIVE && isService(one.principal))
    .map((one) => one.principal)
    .toSorted();
  return services.length < 2
    ? []
    : [
        {
          kind: 'token-shared',
          severity: 'info',
          detail: `${services.length} services read it: ${services.join(', ')}.`,
        },
      ];
}

/** A role or a function, of this account or another; a colon after it names a person. */
function isService(principal: string): boolean {
  return /^(\d{12}:)?(role|lambda)\/[^:]*$/.test(principal) && !PEOPLE.test(principal);
}

function noReader(
  { use }: Token,
  [latest]: readonly Reading[],
  { unusedAfter }: DiscoverySettings,
  now: Instant,
): Observation[] {
  if (use !== undefined || latest === undefined || now - latest.at < unusedAfter) return [];
  return [
    {
      kind: 'token-unused',
      severity: 'info',
      detail:
        `It was last read ${formatInstant(latest.at)}, by ${latest.principal}, more than ` +
        `${formatDuration(unusedAfter)} ago.`,
    },
  ];
}
