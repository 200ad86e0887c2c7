import { isRetiring } from '../token/retirement.ts';
import { answered } from '../incidents/incidents.ts';
import { isOut } from '../token/exposure.ts';
import { exposurePermit, permitFor, permitOf, type Permits } from './permits.ts';
import { replacedSince } from './replaced-credentials.ts';
import { graceEnds } from '../rotation/next-rotation.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';
import type { Instant } from '../basics/time.ts';

/**
 * What lets a credential be revoked without grace. Each is on record twice: in the record, which alone
 * permits nothing, and as a permit of the worker function.
 */
export type Permitted = 'exposed' | 'person' | 'forced-revocation';

/**
 * Why a credential is revoked without the picture of all secrets being complete, and without a last look at
 * what takes its place. The list is closed: outsiders have it; a person asked for its end, or for its
 * token's; the policy orders it in words; it was made on trial, and its value never left the function that
 * made it; or it stands in the way of the answer to a leak, and no consumer ever had it. The last two rest on
 * the record: the guard looks for them in every labelled version.
 */
export type Urgency = Permitted | 'trial' | 'in the way of a leak';

export function permittedBy(token: Token, one: Credential, permits: Permits): Permitted | undefined {
  if (isOut(token, one) && exposurePermit(permits, one)) return 'exposed';
  if (one.askedBy !== undefined && permitFor(permits, 'revoke', one)) return 'person';
  if (isEndPermitted(token, permits)) return 'person';
  return one.forcedRevocation !== undefined && permitFor(permits, 'forced-revocation', one)
    ? 'forced-revocation'
    : undefined;
}

/**
 * Whether a person ended the token, by its record and by what the worker function wrote when that was asked.
 */
export function isEndPermitted(token: Token, permits: Permits): boolean {
  return isRetiring(token) && permitOf(permits, 'retirement', token.id) !== undefined;
}

export function urgencyOf(token: Token, one: Credential, permits: Permits): Urgency | undefined {
  const permitted = permittedBy(token, one, permits);
  if (permitted !== undefined) return permitted;
  if (one.trialOf !== undefined) return 'trial';
  const isAnswered = answered(token).some((incident) =>
    incident.exposed.some((exposed) => exposurePermit(permits, exposed)),
  );
  return one.neverCurrent === true && isAnswered ? 'in the way of a leak' : undefined;
}

/**
 * Whether no consumer ever had a credential: by its record, as long as the worker function never saw it
 * replaced.
 */
export function isUnused(one: Credential, permits: Permits): boolean {
  return (
    one.neverCurrent === true &&
    one.promotedAt === undefined &&
    one.supersededAt === undefined &&
    replacedSince(permits, one) === undefined
  );
}

/** A credential as far as its record is to be believed: it is revoked without grace under a permit alone. */
export function asPermitted(token: Token, one: Credential, permits: Permits): Credential {
  return one.withoutGrace === true && permittedBy(token, one, permits) === undefined
    ? { ...one, withoutGrace: undefined }
    : one;
}

/**
 * Whether a token has no use any more for a credential in grace: it has to be revoked without grace, its
 * grace was over when its claim was given back, or a person had it forgotten.
 */
export function isOver(
  token: Token,
  one: Credential,
  { permits, now }: { permits: Permits; now: Instant },
): boolean {
  if (one.forgotten !== undefined) return permitFor(permits, 'forget', one) !== undefined;
  const believed = asPermitted(token, one, permits);
  return believed.withoutGrace === true || (one.givenUp === true && now >= graceEnds(token, believed));
}
