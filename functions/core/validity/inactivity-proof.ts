import type { ListedCredential } from '../issuer/provider.ts';
import { acceptedWithin, refusedWithin } from '../issuer/issuer-facts.ts';
import type { ProviderDescriptor } from '../issuer/provider-descriptor.ts';
import type { Credential } from '../token/credential.ts';
import { mayBeDisabled } from '../token/disabled.ts';
import { DAY, FURTHEST_WEST, HOUR, MINUTE, type Instant, type Millis } from '../basics/time.ts';

/** Two refusals say more than one only if so much lies between them, however quick an issuer says it is. */
export const LEAST_APART: Millis = 5 * MINUTE;
/**
 * After an accepted revocation the value may be unreadable. It is then verified after so long, when lists
 * leave it out all the while.
 */
export const BELIEVED_AFTER: Millis = 7 * DAY;
/** A leaked credential whose revocation was verified is checked again so long afterwards. */
const ASKED_AGAIN: readonly Millis[] = [HOUR, DAY, 7 * DAY, 30 * DAY];

type Facts = Pick<ProviderDescriptor, 'lags' | 'expiry'>;

/** One look at a credential, at the place where it was made and nowhere else. */
export interface Sight {
  readonly now: Instant;
  /**
   * What the issuer said of the value; undefined where the value cannot be read, or the place not be asked.
   */
  readonly probe: 'active' | 'inactive' | 'unknown' | undefined;
  /**
   * Its entry in the full list, `absent` where the list leaves it out; undefined where there is no full list.
   */
  readonly listed: ListedCredential | 'absent' | undefined;
  /** Whether its issuer may be asked and has not answered: its list could not be read, or it said nothing. */
  readonly isUnanswered: boolean;
  /**
   * Whether the place was seen to answer in the same look: its list was read, or another credential was
   * accepted there.
   */
  readonly answers: boolean;
  /** Whether it is known that the credential was made there: another place's no says nothing. */
  readonly isItsPlace: boolean;
  /** By how much the issuer's clock may be off, as far as is known. */
  readonly skew: Millis;
}

/**
 * What shows that a credential is inactive: the issuer rejected its value, lists it as ended, its own date is
 * over, or, the weakest, lists leave it out after an accepted revoke.
 */
export type Proof = 'value' | 'list' | 'expiry' | 'absence';

export const PROOFS = {
  value: 'the issuer refuses it',
  list: 'its issuer lists it as ended',
  expiry: 'it has expired by its own date',
  absence:
    'verified by list: its issuer accepted the revoke and lists it no more, which is a weaker proof ' +
    'than a refusal of the value',
} as const satisfies Record<Proof, string>;

export type Verdict =
  | { readonly kind: 'inactive'; readonly by: Proof }
  /** The issuer accepts the value, or lists it as active. */
  | { readonly kind: 'active' }
  /** Nothing is proven yet; what was seen so far is kept in the record. */
  | { readonly kind: 'open'; readonly refused: Span | undefined; readonly absent: Span | undefined };

/** Since when the same was seen, and when last. */
export interface Span {
  readonly since: Instant;
  readonly last: Instant;
}

/**
 * Whether a credential is inactive. After an accepted revocation one rejection of the value, past the lag, is
 * enough. Without one the value has to be rejected twice, far enough apart, while its place answers; or it is
 * in the full list as ended; or its own date is over, and its issuer says nothing against that. Disabled is
 * not inactive, nor is what a list merely leaves out, nor what could not be asked about.
 */
export function verdictOn(one: Credential, sight: Sight, facts: Facts): Verdict {
  if (sight.probe === 'active') return { kind: 'active' };
  const entry = sight.listed === 'absent' ? undefined : sight.listed;
  if (entry?.state === 'revoked' || entry?.state === 'expired') return { kind: 'inactive', by: 'list' };
  if (isExpired(one, entry, sight, facts)) return { kind: 'inactive', by: 'expiry' };
  return one.revokedAt === undefined
    ? withoutRevoke(one, sight, facts)
    : afterRevoke(one, one.revokedAt, sight, facts);
}

function withoutRevoke(
  one: Credential,
  { probe, listed, answers, isItsPlace, now }: Sight,
  facts: Facts,
): Verdict {
  // A list that shows it contradicts the refusal: it is disabled, or refused for where we ask from.
  const isShown = listed !== undefined && listed !== 'absent';
  const counts = probe === 'inactive' && answers && !isShown && tellsOfEnd(one, listed);
  if (!counts) return { kind: 'open', refused: isShown ? undefined : one.refused, absent: one.absent };
  const refused = spanTo(one.refused, now);
  return isItsPlace && now - refused.since >= lagOf(facts)
    ? { kind: 'inactive', by: 'value' }
    : { kind: 'open', refused, absent: one.absent };
}

function afterRevoke(
  one: Credential,
  revokedAt: Instant,
  { probe, listed, now }: Sight,
  facts: Facts,
): Verdict {
  const kept: Verdict = { kind: 'open', refused: one.refused, absent: one.absent };
  if (now < revokedAt + refusedWithin(facts)) return kept;
  if (probe === 'inactive' && tellsOfEnd(one, listed)) return { kind: 'inactive', by: 'value' };
  if (listed === undefined) return kept;
  if (listed !== 'absent')
    return listed.state === 'active' ? { kind: 'active' } : { ...kept, absent: undefined };
  const absent = spanTo(one.absent, now);
  // Of one that no version ever held the value never left the function that made it.
  const wait = one.versionId === undefined ? 0 : BELIEVED_AFTER;
  const isLong = now - absent.since >= lagOf(facts) && now >= revokedAt + wait;
  return isLong ? { kind: 'inactive', by: 'absence' } : { ...kept, absent };
}

/** What may be disabled is refused before it is revoked: only its list shows that it is gone. */
function tellsOfEnd(one: Credential, listed: Sight['listed']): boolean {
  return !mayBeDisabled(one) || listed === 'absent';
}

function spanTo(known: Span | undefined, now: Instant): Span {
  return { since: known?.since ?? now, last: now };
}

/** How long after a first refusal, or absence, a second one counts. */
export function lagOf(facts: Pick<Facts, 'lags'> | undefined): Millis {
  return Math.max(acceptedWithin(facts) + refusedWithin(facts), LEAST_APART);
}

/**
 * A date begins last in the westernmost zone. The issuer's own date wins over the recorded one, and its word
 * that it is active over both: somebody there may have moved the date, or removed it. While the issuer does
 * not answer, nobody knows.
 */
function isExpired(
  one: Credential,
  entry: ListedCredential | undefined,
  { now, skew, isUnanswered }: Sight,
  { expiry }: Facts,
): boolean {
  if (entry?.state === 'active' || isUnanswered) return false;
  const at = entry?.expiresAt ?? one.expiresAt;
  return at !== undefined && now >= goneAt(at, expiry, skew);
}

/**
 * From when on a credential with this expiry is certainly over, were the issuer's clock behind by all of
 * `skew`.
 */
export function goneAt(expiresAt: Instant, { step }: Pick<Facts['expiry'], 'step'>, skew: Millis): Instant {
  return expiresAt + skew + (step === 'day' ? FURTHEST_WEST : 0);
}

/**
 * When a leaked credential whose revocation was verified is checked next. Undefined when it was checked often
 * enough. `asked`: how often so far.
 */
export function askAgainAt(endedAt: Instant, asked: number): Instant | undefined {
  const after = ASKED_AGAIN[asked];
  return after === undefined ? undefined : endedAt + after;
}
