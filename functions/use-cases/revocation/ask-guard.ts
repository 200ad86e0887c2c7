import { REVOKE_WITHIN } from '../../core/policy/timing.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { hasExpired } from '../../core/validity/expiry.ts';
import { moveCredential, withCredential } from '../../core/token/transitions.ts';
import { telling } from '../../core/token/telling.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { refusedWithin } from '../../core/issuer/issuer-facts.ts';
import type { Session } from '../../core/issuer/provider.ts';
import type { Instant, Millis } from '../../core/basics/time.ts';
import { attemptOf, credentialOf, isUnderWay } from '../../core/token/lookups.ts';
import type { Credential } from '../../core/token/credential.ts';
import type { Token } from '../../core/token/token.ts';
import { disableFirst } from './disable-credential.ts';
import { LOOK_AGAIN, LOOK_AGAIN_REFUSED, note } from './note-credential.ts';
import { withLastLook } from './note-last-look.ts';
import { withdrawPermit } from './permits.ts';
import { revoke, type Verdict } from './index.ts';
import { behind, refused, type Refusal } from './target.ts';
import { change } from '../inventory/store.ts';
import type { Work } from '../open-token/context.ts';
import { noteOutOfReach, sessionOf } from '../evidence/place.ts';
import { recordEnd, endIfInactive, secondLookAt } from './verify-revoked.ts';

/**
 * What a new admin credential made on trial it has to revoke itself; once its attempt is given up, the
 * current one does.
 */
async function revokerOf(work: Work, one: Credential, ports: Ports): Promise<Session | undefined> {
  const attempt = one.trialOf === undefined ? undefined : attemptOf(work.record.token, one.trialOf);
  if (!attempt || !isUnderWay(attempt) || attempt.state === 'aborting') return sessionOf(work, one, ports);
  const text = await ports.secrets.read(work.secret.arn, attempt.id);
  return text
    ? ports.issuers.open({ ...work.registration, name: work.secret.name }, text)
    : sessionOf(work, one, ports);
}

/**
 * Asks the guard, with the issuer as it is reached where the credential was made; what leaked is disabled
 * first. What the guard refuses may be inactive all the same, and is then looked at.
 */
export async function passGuard(asked: Work, one: Credential, ports: Ports): Promise<Loaded> {
  const session = await revokerOf(asked, one, ports);
  if (!session) {
    const { record, isInactive } = await endIfInactive(asked, one, undefined, ports);
    return isInactive ? record : noteOutOfReach({ ...asked, record }, one, ports);
  }
  const first = await disableFirst(asked, one, session, ports);
  if (first.isDisabled) return first.record;
  const work = { ...asked, record: first.record };
  const verdict = first.refusal ?? (await guarded(work, one, session, ports));
  const now = ports.now();
  if (verdict.revoked)
    return change(work.record, ports, (token) =>
      withLastLook(
        markRevoked(token, one, { now, by: work.by, lag: refusedWithin(ports.descriptor(token.provider)) }),
        verdict.looked,
      ),
    );
  if (verdict.isGone) return recordEnd(work, one, { told: verdict.reason }, ports);
  ports.log.warn('the revocation guard refused', {
    tokenId: work.tokenId,
    credential: one.id,
    reason: verdict.reason,
  });
  // What is over by its own date may be found inactive without a permit.
  const isOver = hasExpired(work.record.token, one, ports.descriptor(work.record.token.provider), now);
  if (verdict.stale && !isOver && !isLongOverdue(one, now))
    return refusedBy(work, one, { verdict, lookAt: now + LOOK_AGAIN }, ports);
  const seen = await endIfInactive(work, one, session, ports);
  if (seen.isInactive) return seen.record;
  const again = secondLookAt(seen.looked, one, ports, work.registration.provider);
  return refusedBy(
    { ...work, record: seen.record },
    one,
    { verdict, lookAt: again ?? now + (verdict.stale ? LOOK_AGAIN : LOOK_AGAIN_REFUSED) },
    ports,
  );
}

/**
 * What lies in the way usually passes soon; once it is reported, the credential may have ended by itself
 * meanwhile.
 */
function isLongOverdue(one: Credential, now: Instant): boolean {
  return now >= (one.endingSince ?? one.revocationBegunAt ?? now) + REVOKE_WITHIN;
}

async function refusedBy(
  work: Work,
  one: Credential,
  { verdict, lookAt }: { verdict: Refusal; lookAt: Instant },
  ports: Ports,
): Promise<Loaded> {
  const kind = verdict.byPerson ? 'revocation-due' : 'revocation-blocked';
  const problem = verdict.stale ? undefined : ({ kind, detail: verdict.reason } as const);
  const fields = { problem, verdict: verdict.reason, lookAt };
  const record = await change(work.record, ports, (token) =>
    withLastLook(givenBack(token, one.id, verdict, fields), verdict.looked),
  );
  if (credentialOf(record.token, one.id)?.state === 'previous')
    await withdrawPermit(work.tokenId, 'claim', one.id, ports);
  return record;
}

/**
 * An issuer that does not answer as it should keeps the guard from looking: that is a refusal like any other,
 * so that the record says what is in the way now. Where the same question may be answered soon, it is asked
 * again soon. What AWS does not do, the queue has tried again sooner than that; the record says it meanwhile.
 */
async function guarded(work: Work, one: Credential, session: Session, ports: Ports): Promise<Verdict> {
  try {
    return await revoke({ tokenId: work.tokenId, credentialId: one.id }, session, work.place, ports);
  } catch (error) {
    if (!(error instanceof KeyturnError) || error.code === 'not-found') throw error;
    if (!error.rule.retry) return refused(error.message);
    if (error.rule.who === 'issuer') return behind(error.message);
    if (error.rule.who === 'aws') await noteReason(work, one, error, ports);
    throw error;
  }
}

async function noteReason(
  work: Work,
  one: Credential,
  { message }: KeyturnError,
  ports: Ports,
): Promise<void> {
  try {
    await note(work, one.id, { verdict: message }, ports);
  } catch {
    // The first cause is the one that is told.
    ports.log.warn('what keeps the revocation guard from looking could not be noted', {
      tokenId: work.tokenId,
      credential: one.id,
    });
  }
}

/**
 * Another act needs the credential: the claim is taken back, and tried again later. One with an order keeps
 * that, since the order stands by itself.
 */
function givenBack(
  token: Token,
  id: string,
  { giveBack, isUndue }: Refusal,
  fields: Partial<Credential>,
): Token {
  if (giveBack !== true || credentialOf(token, id)?.state !== 'revoking')
    return withCredential(token, id, (one) => ({ ...one, ...fields }));
  const left: Partial<Credential> = isUndue === true ? { reason: undefined } : { givenUp: true };
  return moveCredential(token, id, 'release', { ...fields, ...left });
}

function markRevoked(token: Token, one: Credential, seen: { now: Instant; by: string; lag: Millis }): Token {
  const noted = withCredential(token, one.id, (same) => ({
    ...same,
    revokedAt: seen.now,
    lookAt: seen.now + seen.lag,
    problem: undefined,
    verdict: undefined,
  }));
  // Another run was faster, and told it.
  if (credentialOf(token, one.id)?.revokedAt !== undefined) return noted;
  return telling(noted, {
    what: 'revoked',
    about: one.handle ?? one.id,
    detail: one.reason ?? 'retired',
    by: seen.by,
    at: seen.now,
  });
}
