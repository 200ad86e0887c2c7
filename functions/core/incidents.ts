import { isDeliveredToAll } from './delivery/deliveries.ts';
import { telling, withAttempt, withGeneration } from './life.ts';
import type { Attempt, Mint } from './attempt.ts';
import type { Consumer } from './delivery/consumer-state.ts';
import { currentOf, isUnderWay, type Exposed, type Generation, type Incident, type Token } from './token.ts';
import { DAY, type Instant } from './time.ts';

/** What a record keeps of incidents; older ones live on in the history. */
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

function isSame(exposed: Exposed, one: { id: string | undefined; handle: string | undefined; fingerprint: string | undefined }): boolean {
  if (exposed.id === one.id) return true;
  return (exposed.handle !== undefined && exposed.handle === one.handle) || (exposed.fingerprint !== undefined && exposed.fingerprint === one.fingerprint);
}

/** Whether a credential is one of those that are out. */
export function exposes(incident: Incident, one: Generation): boolean {
  return incident.exposed.some((exposed) => isSame(exposed, { id: one.id, handle: one.handle, fingerprint: one.fingerprint }));
}

function exposesMint(incident: Incident, attempt: Attempt): boolean {
  return attempt.mints.some((mint) => incident.exposed.some((exposed) => isMint(exposed, mint)));
}

function isMint(exposed: Exposed, mint: Mint): boolean {
  return isSame(exposed, { id: undefined, handle: mint.handle, fingerprint: mint.fingerprint });
}

export function incidentsOf(token: Token): readonly Incident[] {
  return token.incidents ?? [];
}

/** Neither contained nor replaced entirely: something is still to be done, or to be waited for. */
export function isOpen(incident: Incident): boolean {
  return incident.containedAt === undefined || incident.replacedAt === undefined;
}

/** Incidents that Keyturn answers by itself. */
export function answered(token: Token): Incident[] {
  return incidentsOf(token).filter((incident) => isOpen(incident) && incident.held !== true);
}

/** Every credential of a token that its issuer may accept, or may accept soon: what is out when the whole token is. */
export function allExposed(token: Token): Exposed[] {
  const live = token.generations.filter((one) => one.state !== 'dead').map(({ id, handle, fingerprint }) => exposedFrom({ id, handle, fingerprint }));
  const coming = token.attempts.filter((one) => isUnderWay(one)).flatMap((attempt) => attempt.mints.flatMap(exposedMint));
  return [...live, ...coming];
}

/** What a rotation made has no version of its own before it is promoted or given up. */
function exposedMint({ handle, fingerprint }: Mint): Exposed[] {
  const name = handle ?? fingerprint;
  return name === undefined ? [] : [exposedFrom({ id: `made/${name}`, handle, fingerprint })];
}

/** The credential of a token that has this fingerprint: one on record, or one that a rotation has just made. */
export function credentialWith(token: Token, fingerprint: string): Exposed | undefined {
  const one = token.generations.find((one) => one.fingerprint === fingerprint);
  if (one) return exposedFrom({ id: one.id, handle: one.handle, fingerprint });
  return token.attempts.flatMap((attempt) => attempt.mints).filter((mint) => mint.fingerprint === fingerprint).flatMap(exposedMint)[0];
}

function exposedFrom({ id, handle, fingerprint }: { id: string; handle: string | undefined; fingerprint: string | undefined }): Exposed {
  return { id, ...(handle === undefined ? {} : { handle }), ...(fingerprint === undefined ? {} : { fingerprint }) };
}

/** Puts a report on record, once for each credential: one that is known joins its incident, and lets go what was held. */
export function withReport(token: Token, report: Report, by: string): Token {
  const known = incidentsOf(token).filter((incident) => report.exposed.some((one) => covers(incident, one)));
  const joined = known.reduce((doing, incident) => withIncident(doing, incident.id, (same) => joining(same, report)), token);
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
  const detail = `${named(fresh)} is out, says ${report.source}${report.held ? '; nothing is done until a person says so' : ''}`;
  return stepTold(noted, incident, { what: 'leaked', detail, by, at: report.reportedAt });
}

function covers(incident: Incident, one: Exposed): boolean {
  return incident.exposed.some((exposed) => isSame(exposed, { id: one.id, handle: one.handle, fingerprint: one.fingerprint }));
}

function joining(incident: Incident, report: Report): Incident {
  const { held: _held, ...free } = incident;
  const exposedAt = Math.min(incident.exposedAt ?? Infinity, report.exposedAt ?? Infinity);
  return { ...(report.held ? incident : free), ...(Number.isFinite(exposedAt) ? { exposedAt } : {}) };
}

function unusedId(token: Token, id: string, at: Instant): string {
  return incidentsOf(token).some((incident) => incident.id === id) ? `${id}/${at}` : id;
}

function named(exposed: readonly Exposed[]): string {
  const names = exposed.map((one) => one.handle ?? one.id);
  return `the credential ${names.join(', ')}`;
}

function withIncident(token: Token, id: string, change: (incident: Incident) => Incident): Token {
  return { ...token, incidents: incidentsOf(token).map((one) => (one.id === id ? change(one) : one)) };
}

function stepTold(token: Token, incident: Incident, step: { what: 'leaked' | 'contained' | 'replaced' | 'consumers-moved'; detail: string; by: string; at: Instant }): Token {
  const since = { id: incident.id, sinceReported: Math.max(0, step.at - incident.reportedAt), ...(incident.exposedAt === undefined ? {} : { sinceExposed: Math.max(0, step.at - incident.exposedAt) }) };
  return telling(token, { ...step, about: incident.id, incident: since });
}

/** Everything that follows from a token's incidents by itself: what has to die or to stop, and what was reached. Doing it twice changes nothing. */
export function withIncidents(token: Token, now: Instant): Token {
  if (incidentsOf(token).length === 0) return token;
  const stopped = answered(token).reduce((doing, incident) => halting(condemning(doing, incident), incident), token);
  const stepped = incidentsOf(stopped).reduce((doing, incident) => stepping(doing, incident, now), stopped);
  return forgetting(stepped, now);
}

function condemning(token: Token, incident: Incident): Token {
  return token.generations
    .filter((one) => one.state !== 'dead' && one.condemned !== true && exposes(incident, one))
    .reduce((doing, one) => withGeneration(doing, one.id, (same) => ({ ...same, condemned: true, reason: `it leaked (${incident.source})`, lookAt: undefined })), token);
}

/** A rotation that is under way may have leaked too, or hang: one for the incident itself begins anew. */
function halting(token: Token, incident: Incident): Token {
  const current = currentOf(token);
  const isUrgent = current !== undefined && exposes(incident, current);
  return token.attempts
    .filter((attempt) => isUnderWay(attempt) && attempt.halted !== true && (exposesMint(incident, attempt) || (isUrgent && attempt.cause !== 'incident')))
    .reduce((doing, attempt) => withAttempt(doing, attempt.id, (same) => ({ ...same, dead: true, halted: true })), token);
}

function stepping(token: Token, incident: Incident, now: Instant): Token {
  const containedAt = incident.containedAt ?? containedIn(token, incident, now);
  const replacedAt = incident.replacedAt ?? replacedIn(token, incident, now);
  const isOver = containedAt !== undefined && replacedAt !== undefined;
  const movedAt = incident.movedAt ?? (isOver && now >= replacedAt + token.policy.cache && haveMoved(token, incident, replacedAt) ? now : undefined);
  const next: Incident = { ...incident, ...(containedAt === undefined ? {} : { containedAt }), ...(replacedAt === undefined ? {} : { replacedAt }), ...(movedAt === undefined ? {} : { movedAt }) };
  const told = (doing: Token, what: 'contained' | 'replaced' | 'consumers-moved', at: Instant | undefined, detail: string): Token => (at === undefined ? doing : stepTold(doing, next, { what, detail, by: 'keyturn', at }));
  const noted = withIncident(token, incident.id, () => next);
  const contained = incident.containedAt === undefined ? told(noted, 'contained', containedAt, `${named(incident.exposed)} is refused by its issuer`) : noted;
  const replaced = incident.replacedAt === undefined ? told(contained, 'replaced', replacedAt, 'the current credential is one that nobody else knows') : contained;
  return incident.movedAt === undefined ? told(replaced, 'consumers-moved', movedAt, `${(token.consumers ?? []).length === 0 ? 'no consumer is declared' : 'every declared consumer has the new value or said so'}, and none can hold the old one in a cache any more`) : replaced;
}

/** Deliveries have arrived, who has to say so has, and no version of a service that was not released was deployed with a credential that is out. Roles read anew when their cache is over. */
function haveMoved(token: Token, incident: Incident, replacedAt: Instant): boolean {
  const runs = (one: Consumer): boolean => (one.uses ?? []).some((use) => use.releasedAt === undefined && incident.exposed.some((exposed) => exposed.id === use.generationId));
  const owesWord = (one: Consumer): boolean => (one.kind === 'ack' || one.kind === 'event') && (one.acknowledged?.at ?? -Infinity) < replacedAt;
  return isDeliveredToAll(token) && !(token.consumers ?? []).some((one) => owesWord(one) || runs(one));
}

/** When the last of the exposed credentials died; undefined while one lives, or may. */
function containedIn(token: Token, incident: Incident, now: Instant): Instant | undefined {
  const generations = token.generations.filter((one) => exposes(incident, one));
  if (generations.some((one) => one.state !== 'dead')) return undefined;
  if (token.attempts.some((attempt) => attempt.tidy !== true && exposesMint(incident, attempt))) return undefined;
  const ends = generations.map((one) => one.deadAt ?? now);
  return Math.max(incident.reportedAt, ...(ends.length === 0 ? [now] : ends));
}

function replacedIn(token: Token, incident: Incident, now: Instant): Instant | undefined {
  const current = currentOf(token);
  if (!current || exposes(incident, current)) return undefined;
  return Math.max(incident.reportedAt, current.promotedAt ?? now);
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
