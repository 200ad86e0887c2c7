import type { Instant, Millis } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';

/**
 * What the world does to an issuer, all off by default. A simulator reads them at each request, so a scenario
 * may turn them while it runs. Those that an issuer cannot have are left alone: npm and Okta keep no names
 * and choose ids at random.
 */
export interface IssuerKnobs {
  /**
   * Something before the issuer, such as a gateway: answers in its place, or lets a request through with
   * undefined.
   */
  gateway?: (request: Request) => Response | undefined;
  /**
   * The name under which a credential is kept, from the one that was asked for: prefixed or shortened. GitLab
   * alone.
   */
  rename?: (asked: string) => string;
  /** How long a new credential is missing from lists. */
  listDelay?: Millis;
  /** Credentials that lists leave out, by handle. */
  omits?: (handle: string) => boolean;
  /** A revoked credential is forgotten, and the next one gets the first free id. GitLab alone. */
  reusesIds?: boolean;
  /** Secrets whose account at the issuer was deleted, with all that was in it. */
  gone?: ReadonlySet<string>;
  /** How far its clock is ahead of everybody else's; below zero it is behind. */
  clockSkew?: Millis;
}

/** The time by the issuer's own clock. */
export function issuerTime(clock: Pick<Clock, 'now'>, { clockSkew = 0 }: IssuerKnobs): Instant {
  return clock.now() + clockSkew;
}

/**
 * Writes the date into an answer, as servers do. Source: RFC 9110, sections 5.6.7 and 6.6.1: in whole
 * seconds.
 */
export function dated(response: Response, now: Instant): Response {
  response.headers.set('date', new Date(now).toUTCString());
  return response;
}

/** Whether a list shows a credential now. */
export function isListed(
  one: { readonly handle: string; readonly createdAt: Instant },
  { listDelay = 0, omits }: IssuerKnobs,
  now: Instant,
): boolean {
  return now >= one.createdAt + listDelay && !(omits?.(one.handle) ?? false);
}
