import { notActiveIn } from './not-active.ts';
import { isOwnUse, withProbe } from './probes.ts';
import { likeness } from '../issuer/likeness.ts';
import type { ListedCredential, Probe, Reach } from '../issuer/provider.ts';
import { currentOf } from '../token/lookups.ts';
import type { Credential } from '../token/credential.ts';
import type { Validity } from '../token/last-check.ts';
import type { Token } from '../token/token.ts';
import { DAY, HOUR, type Instant, type Millis } from '../basics/time.ts';

/**
 * An issuer that did not say for so long whether a value works is reported. What it said before is not
 * believed any more.
 */
export const NO_ANSWER_AFTER = DAY;
/**
 * A question that could not be asked is noted this often at most, so that an issuer that is down costs few
 * writes.
 */
const UNKNOWN_NOTED_EVERY = HOUR;

/** Whether the issuer accepts the current value, as far as it is known; undefined while there is none. */
export type KnownValidity = Validity['outcome'] | undefined;

export function validityAt(token: Token, now: Instant): KnownValidity {
  if (!currentOf(token)) return undefined;
  if (token.refusedSince !== undefined) return 'inactive';
  return token.validity?.outcome === 'unknown' || now >= noAnswerAt(token) ? 'unknown' : 'active';
}

/** When the issuer will have been silent about the current value for too long. */
export function noAnswerAt(token: Token): Instant {
  return (
    Math.max(
      token.activeAt ?? 0,
      currentOf(token)?.promotedAt ?? 0,
      token.usableSince ?? 0,
      token.enrolledAt,
    ) + NO_ANSWER_AFTER
  );
}

/** One look at the issuer. */
export interface Look {
  readonly now: Instant;
  /** The version whose value was probed. */
  readonly versionId: string | undefined;
  /** Undefined when there was no value to probe. */
  readonly probe: Probe | undefined;
  /** What the issuer listed before the probe; undefined where there is no list, or it could not be read. */
  readonly listed: readonly ListedCredential[] | undefined;
  /** How finely the issuer tells last uses; undefined when it does not. */
  readonly lastUsedEvery: Millis | undefined;
  /** Where it was listed, and asked too, unless `askedAt` says another place. */
  readonly reach: Reach;
  readonly askedAt?: Reach | undefined;
}

/**
 * Takes over what the issuer says of the current credential. What was seen of another version than the
 * current one says nothing of this one.
 */
export function withValidity(token: Token, look: Look): Token {
  const current = currentOf(token);
  if (current?.id !== look.versionId) return { ...token, inspectedAt: look.now };
  const credential = look.listed?.find((one) => one.handle === current?.handle);
  const used = withUse(token, credential, look);
  const scopes = (look.probe?.outcome === 'active' ? look.probe.scopes : undefined) ?? credential?.scopes;
  const credentials = used.credentials.map((one) => {
    if (one.state !== 'current') return one;
    const seen = { ...described(one, credential, look, scopes), notActive: notActiveIn(one, look) };
    return look.probe ? withProbe(seen, look.now) : seen;
  });
  return {
    ...used,
    ...validityOf(token, look),
    ...(scopes && { scopes: [...scopes] }),
    credentials,
    inspectedAt: look.now,
  };
}

/**
 * Takes over from the issuer's list when and where each credential was made, which with its handle is what
 * tells it from any other; and when it ends, which its issuer or a person there may have changed.
 */
export function withDates(token: Token, { listed, reach }: Pick<Look, 'listed' | 'reach'>): Token {
  const dated = token.credentials.map((one) => {
    const seen = one.state === 'ended' ? undefined : listed?.find((other) => isSame(one, other));
    if (!seen) return one;
    const known = {
      reach: one.reach ?? reach,
      createdAt: one.createdAt ?? seen.createdAt,
      expiresAt: seen.expiresAt ?? one.expiresAt,
    };
    const isKnown =
      known.reach === one.reach && known.createdAt === one.createdAt && known.expiresAt === one.expiresAt;
    return isKnown ? one : { ...one, ...known };
  });
  return dated.every((one, index) => one === token.credentials[index])
    ? token
    : { ...token, credentials: dated };
}

function isSame({ handle, createdAt }: Credential, other: ListedCredential): boolean {
  return handle !== undefined && likeness({ handle, createdAt }, other) === 'same';
}

function described(
  one: Credential,
  credential: ListedCredential | undefined,
  { probe, reach, askedAt = reach }: Look,
  scopes: readonly string[] | undefined,
): Credential {
  const expiresAt =
    credential?.expiresAt ?? (probe?.outcome === 'active' ? probe.expiresAt : undefined) ?? one.expiresAt;
  const seen = scopes && { first: one.scopes?.first ?? [...scopes], last: [...scopes] };
  return {
    ...one,
    expiresAt,
    issuedAt: one.issuedAt ?? credential?.createdAt,
    ...(seen && { scopes: seen }),
    ...(one.reach === undefined && probe?.outcome === 'active' && { reach: askedAt }),
  };
}

function validityOf(token: Token, { probe, now }: Look): Partial<Token> {
  switch (probe?.outcome) {
    case undefined:
      return {};
    case 'active':
      return { validity: { at: now, outcome: 'active' }, activeAt: now, refusedSince: undefined };
    case 'inactive':
      return { validity: { at: now, outcome: 'inactive' }, refusedSince: token.refusedSince ?? now };
    case 'unknown':
      return { validity: { at: now, outcome: 'unknown', reason: probe.reason } };
  }
}

/** The issuer could not even be asked. */
export function withoutAnswer(token: Token, reason: string, now: Instant): Token {
  const noted = token.validity?.outcome === 'unknown' && now - token.validity.at < UNKNOWN_NOTED_EVERY;
  return noted ? token : { ...token, validity: { at: now, outcome: 'unknown', reason } };
}

/**
 * Notes the last use that was not our own: a probe is a use too, and the issuer tells only the latest, no
 * finer than its granularity.
 */
function withUse(
  token: Token,
  credential: ListedCredential | undefined,
  { now, lastUsedEvery }: Look,
): Token {
  if (lastUsedEvery === undefined || !credential) return token;
  const use = token.use ?? { since: now };
  const seen = credential.lastUsedAt;
  // Before the first look it was identified and tested, as it was adopted.
  const probedAt = Math.max(token.validity?.at ?? now - lastUsedEvery, token.activeAt ?? 0);
  const isOurs =
    seen === undefined || isOwnUse(seen, [...(currentOf(token)?.probes ?? []), probedAt], lastUsedEvery);
  if (isOurs || seen <= (use.last ?? 0)) return { ...token, use };
  const credentials = token.credentials.map((one) =>
    one.state === 'current' ? { ...one, lastUsedAt: seen } : one,
  );
  return { ...token, use: { ...use, last: seen }, credentials };
}
