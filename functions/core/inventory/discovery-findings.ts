/**
 * What discovery finds at a token: no owner, shared, duplicated, unused, or with unrecognized credentials.
 */
import { shortFingerprint } from '../issuer/identity.ts';
import type { FindingKind, Observation } from '../findings/findings.ts';
import type { Token } from '../token/token.ts';
import { formatDuration, formatInstant, type Instant } from '../basics/time.ts';
import { approvedUntil } from './approvals.ts';
import { type Holdings, credentialKeys } from './credential-holders.ts';
import type { DiscoverySettings } from './discovery-settings.ts';

/** The kinds of findings that each run of discovery decides anew. */
export const DISCOVERED = [
  'owner-missing',
  'token-shared',
  'credential-duplicated',
  'token-unused',
  'credential-unrecognized',
] as const satisfies readonly FindingKind[];

/**
 * What is wrong with a token's place in the inventory.
 * It says the same of the same token on every day, so nothing is written without news.
 */
export function discovered(
  token: Token,
  holdings: Holdings,
  settings: DiscoverySettings,
  now: Instant,
): Observation[] {
  const isLookedAt = approvedUntil(token, settings) > now;
  return [
    ...ownerless(token, settings),
    ...duplicate(token, holdings),
    ...unknown(token, holdings),
    ...(isLookedAt ? [] : [...shared(token), ...unused(token, settings, now)]),
  ];
}

const NO_NAMES: ReadonlySet<string> = new Set(['', 'unknown', 'none', 'nobody', 'tbd', '-']);

function ownerless({ owner }: Token, { owners }: DiscoverySettings): Observation[] {
  if (NO_NAMES.has(owner.trim().toLowerCase()))
    return [{ kind: 'owner-missing', severity: 'warning', detail: 'The tag keyturn:owner names no owner.' }];
  if (owners.length === 0 || owners.includes(owner)) return [];
  return [
    {
      kind: 'owner-missing',
      severity: 'warning',
      detail: `The tag keyturn:owner says "${owner}", which is no owner that the settings know.`,
    },
  ];
}

/**
 * Declared consumers that are several services: if one of them leaks the token, all have to move.
 * One consumer of each kind may be one service in several places.
 * Two of one kind, such as two repositories, are two services.
 */
function shared({ consumers = [] }: Token): Observation[] {
  const all = [...new Set(consumers.map((one) => `${one.kind} ${serviceOf(one.target)}`))].sort();
  const services = all.filter(
    (one) => all.filter((other) => other.split(' ')[0] === one.split(' ')[0]).length > 1,
  );
  if (services.length === 0) return [];
  return [
    {
      kind: 'token-shared',
      severity: 'info',
      detail: `${services.length} services use it: ${services.join(', ')}.`,
    },
  ];
}

/** `cluster/service`, `owner/repo:NAME` and the like, without the name of the variable in it. */
function serviceOf(target: string): string {
  return target.startsWith('http') ? new URL(target).host : target.replace(/:[^:]*$/, '');
}

function duplicate(token: Token, { holders }: Holdings): Observation[] {
  const keys = credentialKeys(token).filter((key) => (holders.get(key)?.length ?? 0) > 1);
  const others = [...new Set(keys.flatMap((key) => holders.get(key) ?? []))]
    .filter((name) => name !== token.name)
    .sort();
  if (others.length === 0) return [];
  const fingerprint = keys.find((key) => key.startsWith('fingerprint '))?.slice('fingerprint '.length);
  const shown = fingerprint === undefined ? '' : ` (fingerprint ${shortFingerprint(fingerprint)})`;
  return [
    {
      kind: 'credential-duplicated',
      severity: 'warning',
      detail: `The same credential${shown} is also in ${some(others)}.`,
    },
  ];
}

/**
 * Only where the issuer reports last uses: Keyturn's own reads and probes hide what Secrets Manager knows.
 */
function unused({ use }: Token, { unusedAfter }: DiscoverySettings, now: Instant): Observation[] {
  if (use === undefined || now - (use.last ?? use.since) < unusedAfter) return [];
  const since =
    use.last === undefined
      ? `The issuer saw no use of it since ${formatInstant(use.since)}, when it was first asked`
      : `It was last used ${formatInstant(use.last)}`;
  return [
    {
      kind: 'token-unused',
      severity: 'info',
      detail: `${since}, more than ${formatDuration(unusedAfter)} ago.`,
    },
  ];
}

function unknown(token: Token, { handles }: Holdings): Observation[] {
  const unrecognizedCredentials = (token.unrecognizedCredentials ?? []).filter(
    (handle) => !handles.has(`${token.provider} ${handle}`),
  );
  const count = unrecognizedCredentials.length;
  if (count === 0) return [];
  return [
    {
      kind: 'credential-unrecognized',
      severity: 'warning',
      detail:
        `The issuer lists ${count} active ${count === 1 ? 'credential' : 'credentials'} beside it ` +
        `that no token knows: ${some(unrecognizedCredentials)}.`,
    },
  ];
}

const MOST_NAMED = 5;

function some(names: readonly string[]): string {
  const rest = names.length - MOST_NAMED;
  return rest > 0 ? `${names.slice(0, MOST_NAMED).join(', ')} and ${rest} more` : names.join(', ');
}
