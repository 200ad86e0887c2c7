import { likeness } from '../issuer/likeness.ts';
import type { Reach } from '../issuer/provider.ts';
import type { Credential } from './credential.ts';
import type { Token } from './token.ts';
import { credentialOf } from './lookups.ts';
import type { Instant } from '../basics/time.ts';

/** A credential that is to be revoked without ever having been of use. */
export interface RecordedForRevocation {
  readonly at: Instant;
  readonly versionId?: string | undefined;
  readonly handle: string;
  readonly createdAt?: Instant | undefined;
  readonly fingerprint?: string | undefined;
  readonly reach?: Reach | undefined;
  readonly expiresAt?: Instant | undefined;
  readonly origin: Credential['origin'];
  /** True when it is certain that no consumer ever had it. */
  readonly neverCurrent: boolean;
  readonly reason: string;
}

/**
 * Marks a credential that no version will ever need for the revoke path: an aborted attempt's, a lost one.
 */
export function recordedForRevocation(token: Token, target: RecordedForRevocation): Token {
  if (token.credentials.some((one) => likeness(one, target) === 'same')) return token;
  const versionId =
    target.versionId !== undefined && !credentialOf(token, target.versionId) ? target.versionId : undefined;
  const made: Credential = {
    id: versionId ?? unusedId(token, `lost:${target.handle}`),
    versionId,
    handle: target.handle,
    createdAt: target.createdAt,
    fingerprint: target.fingerprint,
    origin: target.origin,
    ...(target.reach && { reach: target.reach }),
    ...(target.expiresAt !== undefined && { expiresAt: target.expiresAt }),
    ...(target.neverCurrent && { neverCurrent: true }),
    state: 'revoking',
    withoutGrace: true,
    revocationBegunAt: target.at,
    endingSince: target.at,
    reason: target.reason,
  };
  return { ...token, credentials: [...token.credentials, made] };
}

/** Whoever writes a secret chooses its version ids, and could choose one of this shape. */
function unusedId(token: Token, id: string): string {
  return credentialOf(token, id) ? unusedId(token, `lost:${id}`) : id;
}

/** The credential that an attempt's new admin credential made on trial, once its issuer answered. */
export function trialIn(token: Token, attemptId: string): Credential | undefined {
  return token.credentials.find((one) => one.trialOf === attemptId);
}

/** Marks what was made on trial for its end, which proves that its maker can revoke. */
export function accountedTrial(
  token: Token,
  attemptId: string,
  made: { handle: string; createdAt?: Instant | undefined; fingerprint?: string; reach: Reach; at: Instant },
): Token {
  const marked = recordedForRevocation(token, {
    ...made,
    origin: 'minted',
    neverCurrent: true,
    reason: 'made to prove that a new admin credential can create and revoke',
  });
  return {
    ...marked,
    credentials: marked.credentials.map((one) =>
      one.handle === made.handle ? { ...one, trialOf: attemptId } : one,
    ),
  };
}
