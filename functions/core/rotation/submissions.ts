import { DAY, MINUTE, formatDuration, formatInstant, type Instant, type Millis } from '../basics/time.ts';
import type { Shown } from '../issuer/provider.ts';
import { lifetimeLimit } from '../policy/lifetime-limits.ts';
import type { Policy } from '../policy/policy.ts';
import { currentOf, isUnderWay } from '../token/lookups.ts';
import type { Token } from '../token/token.ts';

/** What a value that a person submits has to be. */
export interface Expected {
  /** Whose it has to be, as the grant says it; undefined where nothing says it yet. */
  readonly account: string | undefined;
  /** What it has to be allowed; undefined where the grant leaves it open. */
  readonly scopes: readonly string[] | undefined;
  readonly policy: Policy;
  readonly now: Instant;
}

/**
 * Why a value that a person submits cannot be used, in one sentence without its beginning; undefined where it
 * can. The command asks before anything is stored, and createSecret asks again: whoever may store a version
 * may store anything. Pure.
 */
export function faultOfSubmission(
  shown: Exclude<Shown, { readonly outcome: 'unknown' }>,
  expected: Expected,
): string | undefined {
  if (shown.outcome === 'inactive') return 'its issuer rejects it: create a new one';
  return (
    foreign(shown, expected.account) ??
    otherwiseAllowed(shown.scopes, expected) ??
    endsBadly(shown.expiresAt, expected)
  );
}

type Active = Extract<Shown, { readonly outcome: 'active' }>;

function foreign({ account, called }: Active, expected: string | undefined): string | undefined {
  return expected === undefined || account === expected
    ? undefined
    : `it belongs to ${called} (${account}), and the grant names ${expected}: create it as that account`;
}

function otherwiseAllowed(
  scopes: readonly string[] | undefined,
  { scopes: asked, policy }: Expected,
): string | undefined {
  if (asked !== undefined && scopes === undefined)
    return `its issuer tells no scopes of it, and the grant wants ${wordsOf(asked)}: create one with scopes`;
  const missing = (asked ?? []).filter((scope) => scopes?.includes(scope) === false);
  if (missing.length > 0) return `it lacks ${wordsOf(missing)}: create one with ${wordsOf(asked ?? [])}`;
  const most = asked ?? policy.scopes;
  const wide = most === undefined ? [] : (scopes ?? []).filter((scope) => !most.includes(scope));
  return wide.length === 0
    ? undefined
    : `it may do more than was asked for (${wide.join(', ')}): create one without that`;
}

function wordsOf(scopes: readonly string[]): string {
  return scopes.length === 0 ? 'no scopes' : `the scopes ${scopes.join(', ')}`;
}

/** Too soon for the next one to be created in time, or later than the policy allows. */
function endsBadly(expiresAt: Instant | undefined, { policy, now }: Expected): string | undefined {
  const { maxLifetime } = policy;
  if (expiresAt === undefined)
    return maxLifetime === undefined
      ? undefined
      : `it never expires, and the policy allows ${formatDuration(maxLifetime)}: create one that expires`;
  const left = expiresAt - now;
  if (maxLifetime !== undefined && left > maxLifetime + ROUNDED_BY)
    return (
      `it expires ${formatInstant(expiresAt)}, later than the policy allows ` +
      `(${formatDuration(maxLifetime)}): create one that expires sooner`
    );
  const limit = lifetimeLimit({ ...policy, maxLifetime: left }, AS_IT_ENDS);
  // The lead is what a person needs: one that is shorter would be due again at once.
  return left > policy.rotateBeforeExpiry && limit?.isKept !== false
    ? undefined
    : `it expires ${formatInstant(expiresAt)}, too soon for the policy: create one that lasts longer`;
}

/** Where a person picks a date, the end of its day is as near as it gets. */
const ROUNDED_BY = DAY;
const AS_IT_ENDS = { settable: true, step: 'second' } as const;

/** So long an answer of Secrets Manager may be from before a label was set or taken off. */
export const SEEN_WITHIN: Millis = 15 * MINUTE;

/**
 * Takes over which version holds a submitted value, as the labels show it. While a rotation is under way, or
 * soon after one, they may show what it has taken up already. Pure.
 */
export function withSubmitted(token: Token, versionId: string | undefined, now: Instant): Token {
  const { submitted, ...rest } = token;
  if (submitted?.versionId === versionId) return token;
  const isBusy =
    token.attempts.some(isUnderWay) || now - (currentOf(token)?.promotedAt ?? -Infinity) < SEEN_WITHIN;
  if (versionId !== undefined) return isBusy ? token : { ...token, submitted: { versionId, at: now } };
  return submitted !== undefined && now - submitted.at < SEEN_WITHIN ? token : rest;
}
