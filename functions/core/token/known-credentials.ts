import type { SeenClock } from '../issuer/issuer-clock.ts';
import { likeness, type Identity } from '../issuer/likeness.ts';
import { isMadeAfter, isOfMintAt } from '../issuer/mint-window.ts';
import type { Instant } from '../basics/time.ts';
import type { Credential } from './credential.ts';
import type { Token } from './token.ts';

/** Credentials that the issuer may still accept. */
export function liveCredentials(token: Token): Credential[] {
  return token.credentials.filter((credential) => credential.state !== 'ended');
}

/**
 * Every handle this token has on record, those of ended credentials included, and every slot that it claimed:
 * where to look, never what is so.
 */
export function knownHandles(token: Token): Set<string> {
  const minted = token.attempts.flatMap((attempt) =>
    attempt.mints.flatMap((mint) => [mint.handle, mint.slot]),
  );
  const held = token.credentials.map((one) => one.handle);
  return new Set([...minted, ...held].filter((handle) => handle !== undefined));
}

/** Every fingerprint this token has on record. */
export function knownFingerprints(token: Token): Set<string> {
  const minted = token.attempts.flatMap((attempt) => attempt.mints.map((mint) => mint.fingerprint));
  const held = token.credentials.map((one) => one.fingerprint);
  return new Set([...minted, ...held].filter((fingerprint) => fingerprint !== undefined));
}

/**
 * Whether the record accounts for a credential that an issuer lists. An ended one accounts for nothing that
 * was made after it: an issuer may give its handle out again.
 */
export function accountsFor(token: Token, listed: Identity): boolean {
  const isHeld = token.credentials.some(
    (one) =>
      one.handle !== undefined &&
      likeness(one, listed) === 'same' &&
      (one.state !== 'ended' || !isYounger(listed, one.endedAt, token.issuerClock)),
  );
  return (
    isHeld ||
    token.attempts.some((attempt) =>
      attempt.mints.some(
        (mint) =>
          mint.handle !== undefined &&
          mint.handle === listed.handle &&
          isOfMint(listed, mint.at, token.issuerClock),
      ),
    )
  );
}

function isYounger({ createdAt }: Identity, end: Instant | undefined, clock: SeenClock | undefined): boolean {
  return createdAt !== undefined && end !== undefined && isMadeAfter(createdAt, end, clock);
}

function isOfMint({ createdAt }: Identity, at: Instant, clock: SeenClock | undefined): boolean {
  return createdAt === undefined || isOfMintAt(createdAt, at, clock);
}
