import { isOnWayToEnd } from '../../core/revocation/claims.ts';
import { hasExpired } from '../../core/validity/expiry.ts';
import { isKept } from '../../core/token/kept-versions.ts';
import { moveCredential } from '../../core/token/transitions.ts';
import type { Permits } from '../../core/revocation/permits.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { graceEnds } from '../../core/rotation/next-rotation.ts';
import { waitsForReplicas } from '../../core/revocation/replica-waits.ts';
import { heldBy } from '../../core/token/replicas.ts';
import { credentialOf } from '../../core/token/lookups.ts';
import type { Credential } from '../../core/token/credential.ts';
import { asPermitted } from '../../core/revocation/urgency.ts';
import { permitAnew, withdrawPermit } from './permits.ts';
import { change } from '../inventory/store.ts';
import type { Work } from '../open-token/context.ts';
import { sessionOf } from '../evidence/place.ts';
import { lookAt } from '../evidence/sightings.ts';
import { askAgain } from './check-again.ts';
import { prove } from './verify-revoked.ts';
import { permitAbout, vouched } from './grant-permit.ts';
import { revokeInTime } from './watch-disabled.ts';
import { whileWaiting } from './while-waiting.ts';
import { LOOK_AGAIN, LOOK_AGAIN_REFUSED, LOOK_AGAIN_UNMANAGED, note } from './note-credential.ts';
import { takeOrder } from './take-forced-revocation.ts';
import {
  waitAsIs,
  isWayBack,
  shownReplicas,
  waitForReplicas,
  isInUse,
  unlessInactive,
  waitForPerson,
} from './waits-before-claim.ts';
import { reasonOfEnd, judge } from './judge-use.ts';
import { handleOf } from './identify-handle.ts';

/**
 * Takes an old credential as far towards its verified end as grace, evidence and the revocation guard allow
 * now. Each call may find any state of an earlier, broken one.
 */
export async function retire(work: Work, credentialId: string, ports: Ports): Promise<void> {
  const { permits } = await ports.inventory.loadPermits(work.tokenId);
  const found = credentialOf(work.record.token, credentialId);
  if (found?.state === 'ended') return void (await askAgain(work, found, ports));
  const claimed = found ? await claimedFor(work, found, permits, ports) : work.record;
  const ending = credentialOf(claimed.token, credentialId);
  if (!ending || !isOnWayToEnd(ending)) return;
  const passed =
    ending.revokedAt === undefined
      ? await revokeInTime({ ...work, record: claimed }, ending, ports)
      : claimed;
  const revoked = credentialOf(passed.token, credentialId);
  if (revoked && isOnWayToEnd(revoked) && revoked.revokedAt !== undefined)
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

/**
 * Whether one has ended whose date on record is over. Somebody at the issuer may have moved that date, or
 * removed it: so its list, or a refusal of its value, has to show it. Where Keyturn may not ask, it revokes
 * nothing either, and the date decides.
 */
async function isShownAsOver(work: Work, one: Credential, ports: Ports): Promise<boolean> {
  const session = await sessionOf(work, one, ports);
  if (!session) return true;
  const { verdict, listed, probe } = await lookAt(work, one, session, ports);
  if (verdict.kind === 'inactive') return listed !== undefined || probe === 'inactive';
  return (
    verdict.kind === 'open' &&
    typeof listed === 'object' &&
    listed.expiresAt !== undefined &&
    listed.expiresAt <= ports.now()
  );
}

/** What lay in the way of its revocation is over when a try of it says so, not when the try begins. */
function stillBlocked({ problem }: Credential): Credential['problem'] {
  return problem?.kind === 'revocation-blocked' ? problem : undefined;
}

/**
 * Begins the revocation of a credential, if grace is over and consumers have moved. Rollback claims by the
 * same compare-and-swap: one of them wins.
 */
async function claim(work: Work, one: Credential, permits: Permits, ports: Ports): Promise<Loaded> {
  const now = ports.now();
  const isOver =
    hasExpired(work.record.token, one, ports.descriptor(work.record.token.provider), now) &&
    (await isShownAsOver(work, one, ports));
  const ends = graceEnds(work.record.token, one);
  if (isKept(one) && (now >= ends || isOver))
    return (await whileWaiting(work, one, now + LOOK_AGAIN_UNMANAGED, ports)).record;
  if (isKept(one) || (now < ends && !isOver)) return waitAsIs(work, one, ends, ports);
  // It may be the only way back.
  if (isWayBack(work.record.token, one, now, ports) && !one.withoutGrace && !isOver)
    return (await whileWaiting(work, one, now + LOOK_AGAIN, ports)).record;
  const session = await sessionOf(work, one, ports);
  if (!session) return unlessInactive(work, one, ports);
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
          problem: stillBlocked(one),
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
