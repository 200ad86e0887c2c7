import { isWorse } from '../findings.ts';
import { noting, unnoted } from '../noted.ts';
import { HOUR, type Instant } from '../time.ts';
import type { Token } from '../token.ts';
import type { Verdict } from './judge.ts';
import type { Unusual } from './unusual.ts';

/** So many subjects of one kind have a finding of their own; a flood of strangers must not push other findings out of the record. */
const MOST_SUBJECTS = 8;
/** The subject of all further ones. */
export const OTHERS = 'others';
/** A finding that is seen again, unless it tells of another change, is kept open in steps of this, so that reads that go on do not write the record each time. */
const STEP = 6 * HOUR;

/** Puts what is unusual into a token's record; the same record if it says all of it already. */
export function withUnusual(token: Token, verdict: Pick<Verdict, 'unusual' | 'over'>, now: Instant): Token {
  const left = verdict.over.reduce((one, kind) => unnoted(one, kind), token);
  return verdict.unusual.reduce((one, seen) => (seen.until > now ? noted(one, seen, now) : one), left);
}

function noted(token: Token, seen: Unusual, now: Instant): Token {
  const alike = token.noted.filter((one) => one.kind === seen.kind);
  const own = alike.find((one) => one.subject === seen.subject);
  const isCrowd = own === undefined && alike.length >= MOST_SUBJECTS;
  const before = isCrowd ? alike.find((one) => one.subject === OTHERS) : own;
  const isSaid = before !== undefined && seen.kind !== 'changed-outside' && !isWorse(seen.severity, before.severity) && (before.until ?? Infinity) + STEP > seen.until;
  if (isSaid) return token;
  const severity = before && isWorse(before.severity, seen.severity) ? before.severity : seen.severity;
  const { kind, until } = seen;
  const said = isCrowd ? { subject: OTHERS, detail: `There are more; the latest: ${seen.detail}` } : { subject: seen.subject, detail: seen.detail };
  return noting(token, { kind, severity, ...said }, { now, until: Math.max(until, before?.until ?? 0) });
}
