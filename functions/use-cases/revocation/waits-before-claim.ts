import { isRetiring } from '../../core/token/retirement.ts';
import { withCredential } from '../../core/token/transitions.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import type { Session } from '../../core/issuer/provider.ts';
import { returnWish } from '../../core/rotation/failed-rollbacks.ts';
import { withReplicas } from '../../core/revocation/replica-waits.ts';
import { heldBy, replicaPendingConsumers, replicasNow, type Replica } from '../../core/token/replicas.ts';
import { currentOf, credentialOf } from '../../core/token/lookups.ts';
import type { Credential } from '../../core/token/credential.ts';
import type { Token } from '../../core/token/token.ts';
import type { Instant } from '../../core/basics/time.ts';
import { noteCopies } from './permits.ts';
import { holdsNothing, ifUnderstood } from '../rotation/provenance.ts';
import { change } from '../inventory/store.ts';
import type { Work } from '../open-token/context.ts';
import { noteOutOfReach } from '../evidence/place.ts';
import { endIfInactive, secondLookAt } from './verify-revoked.ts';
import { whileWaiting } from './while-waiting.ts';
import { LOOK_AGAIN, LOOK_AGAIN_UNMANAGED, note } from './note-credential.ts';

/** One that the record alone wants revoked is due before its time, and would be taken up again and again. */
export async function waitAsIs(work: Work, one: Credential, until: Instant, ports: Ports): Promise<Loaded> {
  return credentialOf(work.record.token, one.id)?.withoutGrace === true
    ? note(work, one.id, { lookAt: until }, ports)
    : work.record;
}

/** Nothing is current, or what is does not work, or has leaked and is about to be replaced by this one. */
export function isWayBack(token: Token, one: Credential, now: Instant, ports: Ports): boolean {
  const facts = ports.descriptor(token.provider);
  if (currentOf(token) === undefined && !isRetiring(token)) return true;
  return (
    token.refusedSince !== undefined ||
    (facts !== undefined && returnWish(token, facts, now)?.to.id === one.id)
  );
}

export function shownReplicas({ record: { token }, secret }: Work, now: Instant): Replica[] {
  return secret.deletedAt === undefined ? replicasNow(token.replicas ?? [], secret.replicas, now) : [];
}

/** A copy in another Region has not got what took its place: its consumers may still have the old one. */
export async function waitForReplicas(work: Work, one: Credential, ports: Ports): Promise<Loaded> {
  const now = ports.now();
  await noteCopies(
    work.tokenId,
    { recorded: work.record.token.replicas ?? [], shown: work.secret.replicas, at: now },
    ports,
  );
  const pendingConsumers = replicaPendingConsumers(heldBy(shownReplicas(work, now)));
  const waited = await whileWaiting(work, one, now + LOOK_AGAIN, ports);
  if (waited.isInactive) return waited.record;
  return change(waited.record, ports, (token) =>
    withCredential(withReplicas(token, work.secret.replicas, now), one.id, (same) => ({
      ...same,
      handle: one.handle,
      pendingConsumers,
    })),
  );
}

export function isInUse(work: Work, old: Credential, handle: string): boolean {
  return work.record.token.credentials.some(
    (one) =>
      one.id !== old.id && one.handle === handle && (one.state === 'current' || one.state === 'rolling-back'),
  );
}

/** What was made where Keyturn may not ask any more waits for people, or for its own date. */
export async function unlessInactive(work: Work, one: Credential, ports: Ports): Promise<Loaded> {
  const { record, isInactive } = await endIfInactive(work, one, undefined, ports);
  return isInactive ? record : noteOutOfReach({ ...work, record }, one, ports);
}

/**
 * What has no known handle at the issuer a person has to revoke there. It counts as inactive once the issuer
 * rejects it twice.
 */
export async function waitForPerson(
  work: Work,
  one: Credential,
  session: Session,
  ports: Ports,
): Promise<Loaded> {
  if (await wasNone(work, one, ports))
    return change(work.record, ports, (token) => ({
      ...token,
      credentials: token.credentials.filter((same) => same.id !== one.id),
    }));
  const { record, isInactive, looked } = await endIfInactive(work, one, session, ports);
  if (isInactive) return record;
  const detail =
    `The issuer cannot tell which credential the old value of ${work.secret.name} (version ${one.id}) ` +
    'is: revoke it there by hand.';
  const lookAt =
    secondLookAt(looked, one, ports, work.registration.provider) ?? ports.now() + LOOK_AGAIN_UNMANAGED;
  return note(
    { ...work, record },
    one.id,
    { problem: { kind: 'credential-unmanaged', detail }, lookAt },
    ports,
  );
}

/** What an empty secret had under AWSCURRENT is a version like any other, and no credential. */
async function wasNone({ secret, place }: Work, one: Credential, ports: Ports): Promise<boolean> {
  if (one.versionId === undefined || one.fingerprint !== undefined || secret.deletedAt !== undefined)
    return false;
  return (
    (await ifUnderstood(holdsNothing({ secretArn: secret.arn, versionId: one.versionId, place }, ports))) ===
    true
  );
}
