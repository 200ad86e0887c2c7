import * as z from 'zod';
import { shortFingerprint } from '../issuer/identity.ts';
import type { ListedCredential } from '../issuer/provider.ts';
import type { FindingKind, Observation } from '../findings/findings.ts';
import { accountsFor, knownHandles, liveCredentials } from '../token/known-credentials.ts';
import type { Token } from '../token/token.ts';
import { DAY, formatDuration, formatInstant, type Instant } from '../basics/time.ts';

/** What a deployment says of its estate. */
export const DiscoverySettings = z.strictObject({
  /** Owners there are; any name goes where none is given. */
  owners: z.array(z.string()).readonly().default([]),
  /** A token that nobody used for so long is told of. */
  unusedAfter: z
    .number()
    .positive()
    .default(90 * DAY),
  /** Names that begin so are secrets with tokens, whatever else they say. */
  prefixes: z.array(z.string()).readonly().default([]),
  /** And so are not. */
  ignore: z.array(z.string()).readonly().default([]),
  /** A token has to be approved again after so long; never where it is not given. */
  reviewEvery: z.number().positive().optional(),
  /** Whether a trail tells who reads which token. */
  trail: z.boolean().default(false),
});
export type DiscoverySettings = z.output<typeof DiscoverySettings>;

/** What a pass of discovery says of a token, anew each time. */
export const DISCOVERED = [
  'owner-missing',
  'token-shared',
  'credential-duplicated',
  'token-unused',
  'credential-unrecognized',
] as const satisfies readonly FindingKind[];

/** Which token holds which credential, over the whole inventory. */
export interface Holdings {
  /** By handle, with its provider, and by fingerprint: the names of the tokens. */
  readonly holders: ReadonlyMap<string, readonly string[]>;
  readonly handles: ReadonlySet<string>;
}

/** The keys under which two tokens that hold one credential meet. */
export function credentialKeys(token: Token): string[] {
  const live = liveCredentials(token);
  const handles = live.flatMap((one) =>
    one.handle === undefined ? [] : [`handle ${token.provider} ${one.handle}`],
  );
  return [
    ...new Set([
      ...handles,
      ...live.flatMap((one) => (one.fingerprint === undefined ? [] : [`fingerprint ${one.fingerprint}`])),
    ]),
  ];
}

export function handleKeys(token: Token): string[] {
  return [...knownHandles(token)].map((handle) => `${token.provider} ${handle}`);
}

/** What is wrong with a token's place in the estate. Says the same of the same token on every day, so that nothing is written without news. */
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

/** A person has looked at the token and approved it; until when that holds. */
export function approvedUntil(
  token: Token,
  { reviewEvery }: Pick<DiscoverySettings, 'reviewEvery'>,
): Instant {
  const last = token.reviews?.at(-1);
  if (last?.decision !== 'approved') return 0;
  return reviewEvery === undefined ? Infinity : last.at + reviewEvery;
}

const NOBODY: ReadonlySet<string> = new Set(['', 'unknown', 'none', 'nobody', 'tbd', '-']);

function ownerless({ owner }: Token, { owners }: DiscoverySettings): Observation[] {
  if (NOBODY.has(owner.trim().toLowerCase()))
    return [{ kind: 'owner-missing', severity: 'warning', detail: 'The tag keyturn:owner names nobody.' }];
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
 * Declared consumers that are several services: whoever of them loses the token, all have to move. One of each kind may be one service in several places;
 * two of a kind, such as two repositories, are two.
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
  return [
    {
      kind: 'credential-duplicated',
      severity: 'warning',
      detail: `The same credential${fingerprint === undefined ? '' : ` (fingerprint ${shortFingerprint(fingerprint)})`} is also in ${some(others)}.`,
    },
  ];
}

/** Only where the issuer tells of last uses; our own reads and probes hide what Secrets Manager knows. */
function unused({ use }: Token, { unusedAfter }: DiscoverySettings, now: Instant): Observation[] {
  if (use === undefined || now - (use.last ?? use.since) < unusedAfter) return [];
  const since =
    use.last === undefined
      ? `The issuer saw nobody use it since ${formatInstant(use.since)}, when it was first asked`
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
  if (unrecognizedCredentials.length === 0) return [];
  return [
    {
      kind: 'credential-unrecognized',
      severity: 'warning',
      detail: `The issuer lists ${unrecognizedCredentials.length} live ${unrecognizedCredentials.length === 1 ? 'credential' : 'credentials'} beside it that no token knows: ${some(unrecognizedCredentials)}.`,
    },
  ];
}

const MOST_NAMED = 5;

function some(names: readonly string[]): string {
  const rest = names.length - MOST_NAMED;
  return rest > 0 ? `${names.slice(0, MOST_NAMED).join(', ')} and ${rest} more` : names.join(', ');
}

const MOST_UNRECOGNIZED_CREDENTIALS = 50;

/** Live credentials beside this token's that it does not know and nobody's marker names. Never touched; another token may know them. While a rotation runs nobody can tell what is new (`listed` undefined). */
export function withUnrecognizedCredentials(
  token: Token,
  listed: readonly ListedCredential[] | undefined,
): Token {
  if (!listed) return token;
  const suspects = new Set(token.suspects.map((one) => one.handle));
  const strange = listed.filter(
    (one) =>
      one.active &&
      !accountsFor(token, one) &&
      !suspects.has(one.handle) &&
      one.name?.startsWith('keyturn-') !== true,
  );
  const unrecognizedCredentials = strange
    .map((one) => one.handle)
    .sort()
    .slice(0, MOST_UNRECOGNIZED_CREDENTIALS);
  const isSame =
    unrecognizedCredentials.length === (token.unrecognizedCredentials ?? []).length &&
    unrecognizedCredentials.every((handle, index) => handle === token.unrecognizedCredentials?.[index]);
  return isSame ? token : { ...token, unrecognizedCredentials };
}
