import { telling } from '../../core/token/telling.ts';
import { pinOf } from '../../core/basics/names.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import type { ValuePlace } from '../../core/secret-text/value-place.ts';
import type { ListedCredential, Reach, Session } from '../../core/issuer/provider.ts';
import type { Instant } from '../../core/basics/time.ts';
import type { Mint } from '../../core/token/attempt.ts';
import { knownClock, type SeenClock } from '../../core/issuer/issuer-clock.ts';
import { isOfMintAt } from '../../core/issuer/mint-window.ts';
import { credentialOf } from '../../core/token/lookups.ts';
import type { Credential } from '../../core/token/credential.ts';
import type { Token } from '../../core/token/token.ts';
import type { Registered } from '../rotation/enroll.ts';

/**
 * In an account that is ours alone: whether a credential was not there before a creation, and may be what it
 * left.
 */
export function appearedAfter(mint: Mint, one: ListedCredential, clock: SeenClock | undefined): boolean {
  if (mint.before?.includes(one.handle)) return false;
  return one.createdAt === undefined || isOfMintAt(one.createdAt, mint.at, clock);
}

/**
 * What is known of the clock of a host that was asked since a moment: by its answers since, else by the
 * record.
 */
export function clockHeard(
  token: Token,
  { host }: Pick<Reach, 'host'>,
  since: Instant,
  ports: Pick<Ports, 'issuers' | 'now'>,
): SeenClock | undefined {
  return ports.issuers.clockOf(host, since) ?? knownClock(token, ports.now());
}

/** One command at work on one token, as far as Secrets Manager alone tells. */
export interface SecretWork {
  readonly secret: SecretDescription;
  readonly place: ValuePlace;
  readonly tokenId: string;
  /** The record as it was read; saving under its revision makes an old one harmless. */
  readonly record: Loaded;
  /** Who asked: a person's principal, or the function itself. */
  readonly by: string;
  /** Opens the issuer; fails where the admin secret grants nothing (any more). */
  readonly open: () => Promise<Session>;
}

/** The same with its registration checked and its issuer open. */
export type Work = SecretWork & Registered;

/**
 * Keeps a version that carries no lasting label from being dropped, until its credential is verified as
 * inactive.
 */
export async function pin(
  secret: SecretDescription,
  versionId: string,
  ports: Pick<Ports, 'secrets'>,
): Promise<void> {
  const label = pinOf(versionId);
  if (secret.versions.get(versionId)?.includes(label)) return;
  await ports.secrets.moveLabel(secret.arn, label, { from: undefined, to: versionId });
}

/** Removes a pin; one that is gone already is a success. */
export async function unpin(
  secretArn: string,
  versionId: string,
  ports: Pick<Ports, 'secrets'>,
): Promise<void> {
  try {
    await ports.secrets.moveLabel(secretArn, pinOf(versionId), { from: versionId, to: undefined });
  } catch (error) {
    if (!(error instanceof KeyturnError && (error.code === 'conflict' || error.code === 'not-found')))
      throw error;
  }
}

/** The fact that a credential will not work again, if the record did not say so before. */
export function tellingDeath(
  before: Token,
  token: Token,
  one: Credential,
  seen: { now: number; by: string; detail: string },
): Token {
  if (credentialOf(before, one.id)?.state === 'ended') return token;
  return telling(token, {
    what: 'revocation-verified',
    about: one.handle ?? one.id,
    detail: seen.detail,
    by: seen.by,
    at: seen.now,
  });
}
