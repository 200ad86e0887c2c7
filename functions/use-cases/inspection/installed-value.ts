import { isUnanswered } from '../../core/incidents/forget-rotation.ts';
import { isPin, isSetAside } from '../../core/basics/names.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { listOf, type Reach, type Session } from '../../core/issuer/provider.ts';
import type { Attempt } from '../../core/token/attempt.ts';
import { accountsFor } from '../../core/token/known-credentials.ts';
import { credentialOf } from '../../core/token/lookups.ts';
import type { Credential } from '../../core/token/credential.ts';
import type { Token } from '../../core/token/token.ts';
import { credentialFrom } from '../rotation/visible-credentials.ts';
import { ifUnderstood, provenance } from '../rotation/provenance.ts';
import { pin, unpin, type SecretWork } from '../open-token/context.ts';

export interface Lost {
  readonly handle: string;
  readonly createdAt?: number | undefined;
  readonly versionId?: string;
  readonly fingerprint?: string;
  readonly reach?: Reach | undefined;
  readonly expiresAt?: number | undefined;
}

/** We chose the value and stored it first: the issuer tells whether it ever received it. */
export async function installedValue(
  work: SecretWork,
  session: Session,
  attempt: Attempt,
  ports: Ports,
): Promise<Lost[]> {
  const version = { secretArn: work.secret.arn, versionId: attempt.id, place: work.place };
  const proof = await ifUnderstood(provenance(version, { session }, ports));
  if (proof?.handle === undefined) return [];
  return [
    {
      handle: proof.handle,
      createdAt: proof.createdAt,
      versionId: attempt.id,
      fingerprint: proof.fingerprint,
      reach: proof.reach,
    },
  ];
}

/**
 * A value that an aborted attempt left in its version, and of which no record and no seal says who made it:
 * ours, when the table was lost in the middle of the rotation of a plain text, or a person's. It gets the
 * grace of an old credential.
 */
export async function unprovenValue(
  work: SecretWork,
  seen: { token: Token; attempt: Attempt },
  ports: Ports,
): Promise<Credential | undefined> {
  const { token, attempt } = seen;
  const version = { secretArn: work.secret.arn, versionId: attempt.id, place: work.place };
  const isAccounted = attempt.state !== 'aborted' || attempt.mints.some((mint) => !isUnanswered(mint));
  if (isAccounted || !(await ports.secrets.read(version.secretArn, version.versionId))) return undefined;
  const session = await work.open();
  const proof = await ifUnderstood(provenance(version, { session, listed: await listOf(session) }, ports));
  if (proof?.handle === undefined || accountsFor(token, proof)) return undefined;
  return credentialFrom(proof, { versionId: attempt.id, isCurrent: false, now: ports.now() });
}

export function withOld(token: Token, left: Credential | undefined): Token {
  const isKnown =
    left === undefined || token.credentials.some((one) => one.id === left.id || one.handle === left.handle);
  return isKnown ? token : { ...token, credentials: [...token.credentials, left] };
}

/**
 * Pins every version whose credential is not yet verified as inactive, and frees those that hold nothing any
 * more.
 */
export async function pinWhatLives(
  work: SecretWork,
  token: Token,
  attemptId: string,
  ports: Ports,
): Promise<void> {
  for (const [versionId, labels] of work.secret.versions) {
    const state = credentialOf(token, versionId)?.state;
    const isOnWayToEnd =
      (state === 'previous' && !labels.some(isSetAside)) || state === 'rolling-back' || state === 'revoking';
    if (isOnWayToEnd) await pin(work.secret, versionId, ports);
    const isDone =
      state === 'ended' || state === 'current' || (state === undefined && versionId === attemptId);
    if (isDone && labels.some(isPin)) await unpin(work.secret.arn, versionId, ports);
  }
}
