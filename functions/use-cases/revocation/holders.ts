import { claimOn } from '../../core/revocation/claims.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { noPermits, type Permits } from '../../core/revocation/permits.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { SECOND, type Instant, type Millis } from '../../core/basics/time.ts';
import { mayBeUnseen } from '../../core/token/staleness.ts';
import type { Token } from '../../core/token/token.ts';
import { isOver } from '../../core/revocation/urgency.ts';
import { isRegisteredHere } from '../inventory/registration.ts';
import { behind, refused, type Case, type Refusal, type Target } from './target.ts';

/**
 * A token whose record names a credential, and its secret; undefined for a secret that is gone, or that is
 * not registered here.
 */
export interface Seen {
  readonly loaded: Loaded;
  readonly secret: SecretDescription | undefined;
  /** Secrets Manager has no such secret. */
  readonly isMissing: boolean;
  /** What may end of it. */
  readonly permits: Permits;
}

/** Everybody whose record names a credential, the token itself among them. */
export interface Look {
  readonly own: Seen;
  readonly others: readonly Seen[];
}

/**
 * Where to look is said by the index; what is so, by the records, which are read consistently and after the
 * secrets.
 */
export async function lookAround(
  tokenId: string,
  target: Target,
  provider: string,
  ports: Ports,
): Promise<Look | Refusal> {
  const named = await tokensNaming(target, provider, ports);
  const ids = [...new Set([tokenId, ...named])];
  const secrets = new Map<string, Omit<Seen, 'loaded'>>();
  for (const id of ids) {
    const first = await ports.inventory.load(id);
    if (first)
      secrets.set(id, {
        ...(await lookUp(first.token, ports)),
        permits: (await ports.inventory.loadPermits(id)).permits,
      });
  }
  const seen: Seen[] = [];
  for (const id of ids) {
    const loaded = await ports.inventory.load(id);
    if (loaded) seen.push({ loaded, ...(secrets.get(id) ?? unseen(id)) });
  }
  const own = seen.find((one) => one.loaded.token.id === tokenId);
  return own
    ? { own, others: seen.filter((one) => one !== own) }
    : behind('The credential is not on record any more.');
}

/** A record that was made since. */
function unseen(id: string): Omit<Seen, 'loaded'> {
  return { secret: undefined, isMissing: false, permits: noPermits(id) };
}

async function tokensNaming(target: Target, provider: string, ports: Ports): Promise<string[]> {
  const byHandle = (await ports.inventory.holders(provider, target.handle)).map((one) => one.tokenId);
  const byValue = target.fingerprint === undefined ? [] : await ports.inventory.traced(target.fingerprint);
  return [...byHandle, ...byValue];
}

/** The secret of a token; undefined for one that is gone, or cannot be read. */
export async function secretOf(
  token: Token,
  ports: Pick<Ports, 'secrets'>,
): Promise<SecretDescription | undefined> {
  return (await lookUp(token, ports)).secret;
}

async function lookUp(
  token: Token,
  ports: Pick<Ports, 'secrets'>,
): Promise<Pick<Seen, 'secret' | 'isMissing'>> {
  try {
    return { secret: await ports.secrets.describe(token.secretArn), isMissing: false };
  } catch (error) {
    if (error instanceof KeyturnError && (error.code === 'not-found' || error.code === 'secret-unreadable'))
      return { secret: undefined, isMissing: error.code === 'not-found' };
    throw error;
  }
}

/** Whether two looks saw the same: every record at its revision, every label where it was. */
function isSameLook(a: Look, b: Look): boolean {
  return textOf(a) === textOf(b);
}

/** Between the last read and the request that ends a credential lies no more than this. */
const LONGEST_GAP: Millis = 10 * SECOND;

/** Reads once more what may have changed since it was looked at, before a request that ends a credential. */
export async function secondLookObjection(
  look: Look,
  { token, target }: Pick<Case, 'token' | 'target'>,
  ports: Ports,
): Promise<Refusal | undefined> {
  const from = ports.now();
  const again = await lookAround(token.id, target, token.provider, ports);
  if ('revoked' in again) return again;
  if (!isSameLook(look, again)) return behind('Something changed while the credential was looked at.');
  return ports.now() - from > LONGEST_GAP
    ? behind('Reading took too long: what was read may be over.')
    : undefined;
}

function textOf({ own, others }: Look): string {
  return JSON.stringify(
    [own, ...others].map(({ loaded, secret, isMissing }) => [
      loaded.token.id,
      loaded.revision,
      secret ? [...secret.versions] : isMissing,
      secret?.deletedAt ?? null,
      secret?.replicas ?? null,
    ]),
  );
}

/**
 * What another token's record says against revoking a credential. A secret that is gone needs nothing: its
 * values cannot be read any more. One that is gone and whose record does not know it yet is inspected first.
 */
export function recordObjection(seen: Seen, { target }: Case, now: Instant): Refusal | undefined {
  const { permits } = seen;
  const { token } = seen.loaded;
  const claim = claimOn(token, target, (one) => isOver(token, one, { permits, now }));
  if (claim === undefined || isGone(seen, now)) return undefined;
  return refused(
    `The credential ${target.handle} is also held by the token ${token.id}, where it is ${claim.need}.`,
    { giveBack: true },
  );
}

/**
 * A token that was let go is inspected no more, so that its record never learns of it: there Secrets Manager
 * says it, once the secret is old enough to be shown.
 */
function isGone({ loaded: { token }, secret, isMissing }: Seen, now: Instant): boolean {
  if (secret !== undefined) return false;
  return (
    token.deletion?.gone === true ||
    (isMissing && token.detachedAt !== undefined && !mayBeUnseen(token.enrolledAt, now))
  );
}

/** Whether a secret is one whose values this installation may look into. */
export function isReadableHere(
  secret: SecretDescription | undefined,
  ports: Pick<Ports, 'installation'>,
): secret is SecretDescription {
  return secret !== undefined && secret.deletedAt === undefined && isRegisteredHere(secret, ports);
}
