import type { Mint } from '../token/attempt.ts';
import { covers, exposes, exposesMint, incidentsOf, namesOf, withIncident } from '../token/exposure.ts';
import { lapsed } from '../token/intents.ts';
import { withAttempt, withCredential } from '../token/transitions.ts';
import { stepTold } from './incident-steps.ts';
import { withMilestones } from './milestones.ts';
import { currentOf, isUnderWay } from '../token/lookups.ts';
import type { Exposed, Incident } from '../token/incident.ts';
import type { Token } from '../token/token.ts';
import { DAY, type Instant } from '../basics/time.ts';

export { exposes, incidentsOf } from '../token/exposure.ts';

/** What a record keeps of incidents; older ones stay in the history. */
const KEPT_FOR = 90 * DAY;
const MOST_KEPT = 20;

/** Somebody says that credentials of a token are out. */
export interface Report {
  readonly exposed: readonly Exposed[];
  readonly source: string;
  readonly exposedAt?: Instant | undefined;
  readonly reportedAt: Instant;
  /** True when nothing may be done before a person says so. */
  readonly held: boolean;
}

/** Neither contained nor replaced entirely: something is still to be done, or to be waited for. */
export function isOpen(incident: Incident): boolean {
  return incident.containedAt === undefined || incident.replacedAt === undefined;
}

/** Incidents that Keyturn answers by itself. */
export function answered(token: Token): Incident[] {
  return incidentsOf(token).filter((incident) => isOpen(incident) && incident.held !== true);
}

/**
 * Every credential of a token that its issuer may accept, or may accept soon: what is out when the whole
 * token is.
 */
export function allExposed(token: Token): Exposed[] {
  const live = token.credentials.filter((one) => one.state !== 'ended').map(exposedFrom);
  const coming = token.attempts
    .filter((one) => isUnderWay(one))
    .flatMap((attempt) => attempt.mints.flatMap(exposedMint));
  return [...live, ...coming];
}

/** What a rotation made has no version of its own before it is promoted or given up. */
function exposedMint({ handle, createdAt, fingerprint }: Mint): Exposed[] {
  const name = handle ?? fingerprint;
  return name === undefined ? [] : [exposedFrom({ id: `made/${name}`, handle, createdAt, fingerprint })];
}

/**
 * The credential of a token that has this fingerprint: one on record, or one that a rotation has just made.
 */
export function credentialWith(token: Token, fingerprint: string): Exposed | undefined {
  const one = token.credentials.find((one) => one.fingerprint === fingerprint);
  if (one) return exposedFrom(one);
  return token.attempts
    .flatMap((attempt) => attempt.mints)
    .filter((mint) => mint.fingerprint === fingerprint)
    .flatMap(exposedMint)[0];
}

function exposedFrom({ id, handle, createdAt, fingerprint }: Exposed): Exposed {
  return {
    id,
    ...(handle === undefined ? {} : { handle }),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
  };
}

/**
 * Puts a report on record, once for each credential: one that is known joins its incident, and lets go what
 * was held.
 */
export function withReport(token: Token, report: Report, by: string): Token {
  const known = incidentsOf(token).filter((incident) => report.exposed.some((one) => covers(incident, one)));
  const joined = known.reduce(
    (doing, incident) => withIncident(doing, incident.id, (same) => joining(same, report)),
    token,
  );
  const fresh = report.exposed.filter((one) => !known.some((incident) => covers(incident, one)));
  const [first] = fresh;
  if (!first) return joined;
  const incident: Incident = {
    id: unusedId(token, first.handle ?? first.id, report.reportedAt),
    exposed: fresh,
    source: report.source,
    reportedAt: report.reportedAt,
    ...(report.exposedAt === undefined ? {} : { exposedAt: report.exposedAt }),
    ...(report.held ? { held: true } : {}),
  };
  const noted = { ...joined, incidents: [...incidentsOf(joined), incident] };
  const detail =
    `${namesOf(incident)} leaked, says ` +
    `${report.source}${report.held ? '; nothing is done until a person says so' : ''}`;
  return stepTold(noted, incident, { what: 'leaked', detail, by, at: report.reportedAt });
}

function joining(incident: Incident, report: Report): Incident {
  const { held: _held, returns: _returns, ...free } = incident;
  const exposedAt = Math.min(incident.exposedAt ?? Infinity, report.exposedAt ?? Infinity);
  return { ...(report.held ? incident : free), ...(Number.isFinite(exposedAt) ? { exposedAt } : {}) };
}

function unusedId(token: Token, id: string, at: Instant): string {
  return incidentsOf(token).some((incident) => incident.id === id) ? `${id}/${at}` : id;
}

/**
 * Everything that follows from a token's incidents by itself: what was reached and what is so no more, then
 * what has to be revoked or stopped, and what was meant for another state. Doing it twice changes nothing.
 */
export function withIncidents(token: Token, now: Instant): Token {
  if (incidentsOf(token).length === 0) return lapsed(token);
  const stepped = withMilestones(token, now);
  const stopped = answered(stepped).reduce(
    (doing, incident) => halting(endingGrace(doing, incident), incident),
    stepped,
  );
  return forgetting(lapsed(stopped), now);
}

function endingGrace(token: Token, incident: Incident): Token {
  return token.credentials
    .filter((one) => one.state !== 'ended' && one.withoutGrace !== true && exposes(incident, one))
    .reduce(
      (doing, one) =>
        withCredential(doing, one.id, (same) => ({
          ...same,
          withoutGrace: true,
          reason: `it leaked (${incident.source})`,
          lookAt: undefined,
        })),
      token,
    );
}

/** A rotation that is under way may have leaked too, or hang: one for the incident itself begins anew. */
function halting(token: Token, incident: Incident): Token {
  const current = currentOf(token);
  const isUrgent = current !== undefined && exposes(incident, current);
  return token.attempts
    .filter(
      (attempt) =>
        isUnderWay(attempt) &&
        attempt.halted !== true &&
        (exposesMint(incident, attempt) ||
          // What was sent that ends it goes on: its answer is what takes its place.
          (isUrgent && attempt.cause !== 'incident' && current.replacing?.attempt !== attempt.id)),
    )
    .reduce(
      (doing, attempt) =>
        withAttempt(doing, attempt.id, (same) => ({ ...same, inactive: true, halted: true })),
      token,
    );
}

function forgetting(token: Token, now: Instant): Token {
  const kept = incidentsOf(token).filter((one) => isOpen(one) || now - one.reportedAt < KEPT_FOR);
  const over = kept.filter((one) => !isOpen(one)).map((one) => one.id);
  const dropped = new Set(over.slice(0, Math.max(0, kept.length - MOST_KEPT)));
  const left = kept.filter((one) => !dropped.has(one.id));
  return left.length === incidentsOf(token).length ? token : { ...token, incidents: left };
}

/** When an answered incident wants a new credential; undefined when none does. */
export function replacementWish(token: Token): Instant | undefined {
  const wanting = answered(token).filter((incident) => incident.replacedAt === undefined);
  return wanting.length === 0 ? undefined : Math.min(...wanting.map((incident) => incident.reportedAt));
}
