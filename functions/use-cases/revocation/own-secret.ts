import { claimOn } from '../../core/revocation/claims.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { currentEndedByForcedRevocation } from '../../core/revocation/forced-revocations.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Instant } from '../../core/basics/time.ts';
import { currentOf } from '../../core/token/lookups.ts';
import type { Token } from '../../core/token/token.ts';
import { isEndPermitted, isOver } from '../../core/revocation/urgency.ts';
import { isRegisteredHere, versionWith } from '../inventory/registration.ts';
import { holdingObjection } from './holdings.ts';
import type { Look } from './holders.ts';
import { orderObjection } from './forced-revocation.ts';
import { behind, refused, type Case, type Refusal } from './target.ts';

/**
 * One credential may stand in a record twice: as lost, and as a version that consumers hold, in grace or
 * about to be current again.
 */
export function twinObjection(token: Token, { target, permits }: Case, now: Instant): Refusal | undefined {
  const claim = claimOn(token, target, (other) => isOver(token, other, { permits, now }), target.id);
  return (
    claim && {
      ...behind(`The credential ${target.handle} is also the version ${claim.id}, which is ${claim.need}.`),
      giveBack: true,
    }
  );
}

/** What the token's own secret says against it. */
export async function ownObjection(
  { own: { loaded, secret } }: Look,
  one: Case,
  ports: Ports,
): Promise<Refusal | undefined> {
  const { token } = loaded;
  const { target } = one;
  // What cannot be read any more no consumer has as AWSCURRENT. It is revoked when a person ended the token,
  // and not before.
  if ((!secret || secret.deletedAt !== undefined) && isEndPermitted(token, one.permits)) return undefined;
  if (!secret) throw new KeyturnError('not-found', `There is no secret ${token.secretArn}.`);
  if (!isRegisteredHere(secret, ports))
    return refused(`The secret ${secret.name} is not registered with this installation.`);
  if (secret.deletedAt !== undefined)
    return refused(`The secret ${secret.name} is scheduled for deletion; its values cannot be read.`);
  const current = versionWith(secret, 'AWSCURRENT');
  if (current !== currentOf(token)?.versionId && !isWithoutCurrent(token, current))
    return behind(staleRecord(token));
  const isOrdered = target.state === 'current';
  if (!isOrdered) return holdingObjection({ token, secret, permits: one.permits }, one, ports);
  const versions = new Map([...secret.versions].filter(([versionId]) => versionId !== current));
  return (
    (await orderObjection(token, secret, one, ports)) ??
    holdingObjection({ token, secret: { ...secret, versions }, permits: one.permits }, one, ports)
  );
}

/** A record is brought up to date by itself, unless the secret has to be put right by a person first. */
function staleRecord({ unusable }: Token): string {
  const versions = 'AWSCURRENT is not the version that the inventory has as current';
  return unusable === undefined
    ? `${versions}; the record is brought up to date first.`
    : `${versions}, and the record cannot be brought up to date. Put the secret right first: ${unusable}`;
}

/** Nothing is current on record: what the label still names was revoked by order of the policy. */
function isWithoutCurrent(token: Token, current: string | undefined): boolean {
  return currentOf(token) === undefined && currentEndedByForcedRevocation(token)?.versionId === current;
}
