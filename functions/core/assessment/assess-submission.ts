import type { Observation, Severity } from '../findings/findings.ts';
import { replacementWish } from '../incidents/incidents.ts';
import { placeText } from '../issuer/reach.ts';
import { rotationWish, waitsForValue } from '../rotation/next-rotation.ts';
import { currentOf, openAttempt } from '../token/lookups.ts';
import type { Token } from '../token/token.ts';
import { formatInstant, type Instant } from '../basics/time.ts';
import type { Facts } from './assess-rotation.ts';
import { severityByExpiry } from './time-left.ts';

/**
 * Where only a person can create the next value: that it is due, where to create it, and how to submit it.
 */
export function assessSubmission(token: Token, facts: Facts | undefined, now: Instant): Observation[] {
  const wish = rotationWish(token);
  if (!facts?.byPerson || !wish || now < wish.at) return [];
  if (!waitsForValue(token, facts) || openAttempt(token)) return [];
  const detail =
    `${reasonOf(token, wish.at)} Create a new one at ${linkFor(token, facts.byPerson)}${asWhom(token)}, ` +
    `then run \`keyturn rotate ${token.name} --value-stdin\`.`;
  return [{ kind: 'value-due', severity: severityOf(token, now), detail }];
}

/** When that begins by itself. */
export function submissionTimes(token: Token, facts: Pick<Facts, 'byPerson'> | undefined): Instant[] {
  const wish = facts?.byPerson && rotationWish(token);
  return wish ? [wish.at] : [];
}

/** A leaked value works for whoever has it until a person acts. */
function severityOf(token: Token, now: Instant): Severity {
  return replacementWish(token) === undefined ? severityByExpiry(token, now) : 'critical';
}

function reasonOf(token: Token, since: Instant): string {
  const current = currentOf(token);
  if (!current) return 'The secret has no value yet, and only a person can create one.';
  if (replacementWish(token) !== undefined)
    return 'The current value leaked, and only a person can create the next one.';
  const ends =
    current.expiresAt === undefined ? '' : ` The current one expires ${formatInstant(current.expiresAt)}.`;
  return `A new value is due since ${formatInstant(since)}, and only a person can create it.${ends}`;
}

/** The account of the grant, and what the value is to be allowed. */
function asWhom({ reach, wantedScopes: scopes = [] }: Token): string {
  const account = reach === undefined ? '' : ` for the account ${placeText(reach)}`;
  return scopes.length === 0 ? account : `${account}, with the scopes ${scopes.join(', ')}`;
}

/** Where the grant says the scopes, they are filled in. */
function linkFor({ wantedScopes = [] }: Token, { link, scopedLink }: NonNullable<Facts['byPerson']>): string {
  return wantedScopes.length === 0 || scopedLink === undefined ? link : scopedLink + wantedScopes.join(',');
}
