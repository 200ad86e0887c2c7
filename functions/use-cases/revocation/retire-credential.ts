import { isDying } from '../../core/revocation/claims.ts';
import { evidenceFor, type Judgement } from '../../core/delivery/evidence.ts';
import { isRetiring } from '../../core/token/retirement.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { EXPIRED, hasExpired } from '../../core/validity/expiry.ts';
import { isKept } from '../../core/token/kept-versions.ts';
import { moveCredential, withCredential } from '../../core/token/transitions.ts';
import { telling } from '../../core/token/telling.ts';
import { standingForcedRevocation } from '../../core/revocation/forced-revocations.ts';
import type { Permits } from '../../core/revocation/permits.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import type { Session } from '../../core/issuer/provider.ts';
import { returnWish } from '../../core/rotation/failed-rollbacks.ts';
import { graceEnds } from '../../core/rotation/next-rotation.ts';
import type { Evidence } from '../../core/consumers/consumer-state.ts';
import { waitsForReplicas, withReplicas } from '../../core/revocation/replica-waits.ts';
import { heldBy, replicaPendingConsumers, replicasNow, type Replica } from '../../core/token/replicas.ts';
import { currentOf, credentialOf } from '../../core/token/lookups.ts';
import type { Credential } from '../../core/token/credential.ts';
import type { Token } from '../../core/token/token.ts';
import { DAY, HOUR, MINUTE, type Instant } from '../../core/basics/time.ts';
import { asPermitted } from '../../core/revocation/urgency.ts';
import { noteCopies, permit, permitAnew, withdrawPermit } from './permits.ts';
import { holdsNothing, ifUnderstood, sealedProvenance } from '../rotation/provenance.ts';
import { permittedForcedRevocation, tooYoung } from './forced-revocation.ts';
import { change } from '../inventory/store.ts';
import type { Work } from '../open-token/context.ts';
import { passGate } from './ask-guard.ts';
import { noteOutOfReach, sessionOf } from '../evidence/place.ts';
import { askAgain, buryIfDead, prove, secondLookAt } from './verify-revoked.ts';
import { signsOf } from '../evidence/signs.ts';
import { permitAbout, vouched } from './grant-permit.ts';
import { whileWaiting } from './while-waiting.ts';

const LOOK_AGAIN = 10 * MINUTE;
const LOOK_AGAIN_REFUSED = HOUR;
const LOOK_AGAIN_UNMANAGED = DAY;

/** Takes an old generation as far towards its proven end as grace, evidence and the gate allow now. Each call may find any state of an earlier, broken one. */
export async function retire(work: Work, credentialId: string, ports: Ports): Promise<void> {
  const { permits } = await ports.inventory.loadPermits(work.tokenId);
  const found = credentialOf(work.record.token, credentialId);
  if (found?.state === 'ended') return void (await askAgain(work, found, ports));
  const claimed = found ? await claimedFor(work, found, permits, ports) : work.record;
  const dying = credentialOf(claimed.token, credentialId);
  if (!dying || !isDying(dying)) return;
  const passed =
    dying.revokedAt === undefined ? await passGate({ ...work, record: claimed }, dying, ports) : claimed;
  const revoked = credentialOf(passed.token, credentialId);
  if (revoked && isDying(revoked) && revoked.revokedAt !== undefined)
    await prove({ ...work, record: passed }, revoked, ports);
}

async function claimedFor(work: Work, one: Credential, permits: Permits, ports: Ports): Promise<Loaded> {
  if (one.state === 'current') return takeOrder(work, one, permits, ports);
  const record = one.state === 'revoking' ? await vouched(work, one, permits, ports) : work.record;
  const old = credentialOf(record.token, one.id);
  return old?.state === 'previous'
    ? claim({ ...work, record }, asPermitted(record.token, old, permits), permits, ports)
    : record;
}

/** Writes down what the policy, or the end of the token, orders of the current credential, or takes back what it orders no more. The gate decides. */
async function takeOrder(work: Work, one: Credential, permits: Permits, ports: Ports): Promise<Loaded> {
  const now = ports.now();
  const order = permittedForcedRevocation(work.record.token, one, { permits, now });
  if (!order && standingForcedRevocation(work.record.token, one, now))
    return note(work, one.id, { ...NOT_ASKED_FOR, lookAt: now + LOOK_AGAIN_REFUSED }, ports);
  if (!order)
    return one.forcedRevocation === undefined || one.revokedAt !== undefined
      ? work.record
      : takeBack(work, one, ports);
  const session = await sessionOf(work, one, ports);
  const handle = session ? await handleOf(work, one, session, ports) : one.handle;
  const young = order.cause === 'max-age' ? await youthOf(work, { handle, session }, ports) : undefined;
  if (young !== undefined)
    return note(
      work,
      one.id,
      { problem: { kind: 'revocation-blocked', detail: young }, lookAt: now + LOOK_AGAIN_REFUSED },
      ports,
    );
  await permit(
    work.tokenId,
    [permitAbout({ ...one, handle }, 'forced-revocation', { at: now, by: 'policy' })],
    ports,
  );
  if (one.forcedRevocation !== undefined) return work.record;
  return change(work.record, ports, (token) => {
    if (!standingForcedRevocation(token, credentialOf(token, one.id) ?? one, now)) return token;
    const ordered = withCredential(token, one.id, (same) => ({
      ...same,
      handle,
      forcedRevocation: order,
      withoutGrace: true,
      revocationBegunAt: now,
      endingSince: now,
      lookAt: undefined,
      reason: ORDER_REASONS[order.cause],
    }));
    return telling(ordered, {
      what: 'ordered',
      about: `${one.id}/${order.cause}`,
      detail: `${handle ?? one.id} has to die although it is current: ${ORDER_REASONS[order.cause]}`,
      by: work.by,
      at: now,
    });
  });
}

/** Why an order for its age does not stand at the issuer, in words. Where nobody may ask, the gate is not passed either. */
async function youthOf(
  work: Work,
  one: { handle: string | undefined; session: Session | undefined },
  ports: Ports,
): Promise<string | undefined> {
  if (!one.session) return undefined;
  try {
    return tooYoung(
      { handle: one.handle, maxAge: work.registration.policy.maxAge },
      await one.session.list(),
      ports.now(),
    );
  } catch (error) {
    if (!(error instanceof KeyturnError) || error.rule.retry) throw error;
    return error.message;
  }
}

/** A record that came back from a backup, or that somebody wrote into: its word alone ends nothing. */
const NOT_ASKED_FOR = {
  problem: {
    kind: 'revocation-blocked',
    detail:
      'The record says that the current credential has to die, and nothing that the worker functions wrote says so: ask for it again (`keyturn retire`, `keyturn report-leak`), or dismiss it with a rotation.',
  },
} as const satisfies Partial<Credential>;

/** The credential is needed again. */
async function takeBack(work: Work, one: Credential, ports: Ports): Promise<Loaded> {
  await withdrawPermit(work.tokenId, 'forced-revocation', one.id, ports);
  const isAge = one.forcedRevocation?.cause === 'max-age';
  return note(
    work,
    one.id,
    {
      forcedRevocation: undefined,
      problem: undefined,
      revocationBegunAt: undefined,
      endingSince: undefined,
      ...(isAge && { withoutGrace: undefined, reason: undefined }),
    },
    ports,
  );
}

const ORDER_REASONS = {
  incident: 'it leaked and was not replaced in time (on-containment-deadline is revoke)',
  'max-age': 'it is past its highest age and was not replaced (on-max-age is revoke)',
  retirement: 'a person ended the token',
} as const;

/** Nobody can read the versions of a secret that is gone or scheduled for deletion. */
function isUnreadable(work: Work): boolean {
  return work.secret.deletedAt !== undefined;
}

function note(work: Work, id: string, fields: Partial<Credential>, ports: Ports): Promise<Loaded> {
  return change(work.record, ports, (token) => withCredential(token, id, (one) => ({ ...one, ...fields })));
}

/** Claims a generation for its end, if grace is over and consumers have moved. Rollback claims by the same compare-and-swap: one of them wins. */
async function claim(work: Work, one: Credential, permits: Permits, ports: Ports): Promise<Loaded> {
  const now = ports.now();
  const isOver = hasExpired(work.record.token, one, ports.descriptor(work.record.token.provider), now);
  const ends = graceEnds(work.record.token, one);
  if (isKept(one) && (now >= ends || isOver))
    return (await whileWaiting(work, one, now + LOOK_AGAIN_UNMANAGED, ports)).record;
  if (isKept(one) || (now < ends && !isOver)) return waitAsIs(work, one, ends, ports);
  // It may be the only way back.
  if (isWayBack(work.record.token, one, now, ports) && !one.withoutGrace && !isOver)
    return (await whileWaiting(work, one, now + LOOK_AGAIN, ports)).record;
  const session = await sessionOf(work, one, ports);
  if (!session) return unlessDead(work, one, ports);
  const handle = await handleOf(work, one, session, ports);
  if (handle === undefined) return waitForPerson(work, one, session, ports);
  if (isInUse(work, one, handle))
    return note(work, one.id, { handle, lookAt: now + LOOK_AGAIN_REFUSED }, ports);
  if (
    !isOver &&
    waitsForReplicas(work.record.token, one, permits) &&
    heldBy(shownReplicas(work, now)).length > 0
  )
    return waitForReplicas(work, { ...one, handle }, ports);
  const seen = one.withoutGrace || isOver ? undefined : await judge(work, { ...one, handle }, session, ports);
  if (seen?.outcome === 'waiting')
    return note(
      work,
      one.id,
      { ...seen.noted, handle, pendingConsumers: seen.pendingConsumers, lookAt: seen.lookAt },
      ports,
    );
  await permitAnew(work.tokenId, [permitAbout({ ...one, handle }, 'claim', { at: now, by: work.by })], ports);
  const hasEnded = isOver || seen?.hasEnded === true;
  const evidence = seen?.evidence;
  const reason = reasonOfEnd(one, hasEnded, evidence);
  const record = await change(work.record, ports, (token) => {
    const isSame = credentialOf(token, one.id)?.supersededAt === one.supersededAt;
    return isSame
      ? moveCredential(token, one.id, 'claim-revoke', {
          ...seen?.noted,
          handle,
          revocationBegunAt: now,
          endingSince: one.endingSince ?? now,
          lookAt: undefined,
          problem: undefined,
          refused: one.givenUp === true ? one.refused : undefined,
          pendingConsumers: hasEnded ? one.pendingConsumers : undefined,
          evidence,
          reason,
          ...(one.reach === undefined && { reach: session.reach }),
        })
      : token;
  });
  // A rollback was faster: nothing is claimed.
  if (credentialOf(record.token, one.id)?.state !== 'revoking')
    await withdrawPermit(work.tokenId, 'claim', one.id, ports);
  return record;
}

/** One that the record alone wants dead is on the agenda before its time, and would be taken up again and again. */
async function waitAsIs(work: Work, one: Credential, until: Instant, ports: Ports): Promise<Loaded> {
  return credentialOf(work.record.token, one.id)?.withoutGrace === true
    ? note(work, one.id, { lookAt: until }, ports)
    : work.record;
}

/** What ended by itself did not end because nobody used it. */
function reasonOfEnd(one: Credential, hasEnded: boolean, evidence: Evidence | undefined): string {
  if (one.withoutGrace) return one.reason ?? 'a person asked for it';
  return hasEnded ? EXPIRED : reasonFor(evidence);
}

/** Nothing is current, or what is does not work, or has leaked and is about to be replaced by this one. */
function isWayBack(token: Token, one: Credential, now: Instant, ports: Ports): boolean {
  const facts = ports.descriptor(token.provider);
  if (currentOf(token) === undefined && !isRetiring(token)) return true;
  return (
    token.refusedSince !== undefined ||
    (facts !== undefined && returnWish(token, facts, now)?.to.id === one.id)
  );
}

function shownReplicas({ record: { token }, secret }: Work, now: Instant): Replica[] {
  return secret.deletedAt === undefined ? replicasNow(token.replicas ?? [], secret.replicas, now) : [];
}

/** A copy in another Region has not got what took its place: its consumers may still have the old one. */
async function waitForReplicas(work: Work, one: Credential, ports: Ports): Promise<Loaded> {
  const now = ports.now();
  await noteCopies(
    work.tokenId,
    { recorded: work.record.token.replicas ?? [], shown: work.secret.replicas, at: now },
    ports,
  );
  const pendingConsumers = replicaPendingConsumers(heldBy(shownReplicas(work, now)));
  const waited = await whileWaiting(work, one, now + LOOK_AGAIN, ports);
  if (waited.isDead) return waited.record;
  return change(waited.record, ports, (token) =>
    withCredential(withReplicas(token, work.secret.replicas, now), one.id, (same) => ({
      ...same,
      handle: one.handle,
      pendingConsumers,
    })),
  );
}

function isInUse(work: Work, old: Credential, handle: string): boolean {
  return work.record.token.credentials.some(
    (one) =>
      one.id !== old.id && one.handle === handle && (one.state === 'current' || one.state === 'rolling-back'),
  );
}

/** An adopted value is identified here at the latest. */
async function handleOf(
  work: Work,
  one: Credential,
  session: Session,
  ports: Ports,
): Promise<string | undefined> {
  if (one.handle !== undefined || one.versionId === undefined || isUnreadable(work)) return one.handle;
  const proof = await ifUnderstood(
    sealedProvenance({ secretArn: work.secret.arn, versionId: one.versionId, place: work.place }, ports),
  );
  return proof?.handle ?? (proof && (await session.identify(proof.value))?.handle);
}

/** What was made where nobody may ask any more waits for people, or for its own date. */
async function unlessDead(work: Work, one: Credential, ports: Ports): Promise<Loaded> {
  const { record, isDead } = await buryIfDead(work, one, undefined, ports);
  return isDead ? record : noteOutOfReach({ ...work, record }, one, ports);
}

/** What nobody can name at the issuer a person has to revoke there; it counts as dead once the issuer refuses it, twice. */
async function waitForPerson(work: Work, one: Credential, session: Session, ports: Ports): Promise<Loaded> {
  if (await wasNone(work, one, ports))
    return change(work.record, ports, (token) => ({
      ...token,
      credentials: token.credentials.filter((same) => same.id !== one.id),
    }));
  const { record, isDead, looked } = await buryIfDead(work, one, session, ports);
  if (isDead) return record;
  const detail = `The issuer cannot tell which credential the old value of ${work.secret.name} (version ${one.id}) is: revoke it there by hand.`;
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

type Seen = Judgement & { readonly noted: Partial<Credential>; readonly hasEnded?: boolean };

/** Whether consumers have moved; at most grace the policy may do without an answer. */
async function judge(work: Work, one: Credential, session: Session, ports: Ports): Promise<Seen> {
  const { token } = work.record;
  const now = ports.now();
  const { signs, noted, hasEnded } = await signsOf({ ...work, session }, one, ports);
  if (hasEnded)
    return { outcome: 'moved', evidence: { at: now, strength: 'time', grounds: [] }, noted, hasEnded };
  const judged = evidenceFor(token, one, signs, now);
  const isOverdue = now >= (one.supersededAt ?? 0) + token.policy.maxGrace;
  if (judged.outcome === 'moved' || !isOverdue || token.policy.onMaxGrace === 'keep')
    return { ...judged, noted };
  const grounds = judged.pendingConsumers.map(({ who, why }) => ({ by: who, what: `not moved: ${why}` }));
  return { outcome: 'moved', evidence: { at: now, strength: 'forced', grounds }, noted };
}

function reasonFor(evidence: Evidence | undefined): string {
  switch (evidence?.strength) {
    case 'strong':
      return 'its successor is in use, grace is over and the issuer sees no use of it';
    case 'weak':
      return 'its successor is in use, grace is over and its consumers have moved';
    case 'forced':
      return 'most grace is over, and the policy does not hold it for consumers that have not moved';
    case 'time':
    case undefined:
      return 'its successor is in use and grace is over';
  }
}
