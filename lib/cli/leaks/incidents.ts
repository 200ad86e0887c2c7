import { exposes, incidentsOf, isOpen } from '../../../functions/core/incidents/incidents.ts';
import { isDisabled } from '../../../functions/core/token/disabled.ts';
import { formatInstant, type Instant } from '../../../functions/core/basics/time.ts';
import type { Incident } from '../../../functions/core/token/incident.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { briefly } from '../output/words.ts';
import type { IncidentJson } from '../json/leaks.ts';

export function incidentViews(token: Token): IncidentJson[] {
  return incidentsOf(token).map((one) => ({
    id: one.id,
    source: one.source,
    state: stateOf(one),
    credentials: one.exposed.map((exposed) => exposed.handle ?? exposed.id),
    exposedAt: one.exposedAt === undefined ? null : formatInstant(one.exposedAt),
    reportedAt: formatInstant(one.reportedAt),
    detectedAfter: one.exposedAt === undefined ? null : seconds(one.exposedAt, one.reportedAt),
    containedAfter: seconds(one.reportedAt, one.containedAt),
    replacedAfter: seconds(one.reportedAt, one.replacedAt),
    consumersMovedAfter: seconds(one.reportedAt, movedAt(token, one)),
  }));
}

function stateOf(one: Incident): IncidentJson['state'] {
  if (!isOpen(one)) return 'over';
  return one.held ? 'waiting' : 'open';
}

function seconds(from: Instant, to: Instant | undefined): number | null {
  return to === undefined ? null : Math.round((to - from) / 1_000);
}

/** How what leaked came to be refused. */
export function containedBy(token: Token, incident: Incident): 'disabled' | 'revoked' {
  const isOff = token.credentials.some((one) => isDisabled(one) && exposes(incident, one));
  return isOff ? 'disabled' : 'revoked';
}

/** One line an incident, the latest first. */
export function incidentLines(token: Token): string[] {
  return incidentsOf(token)
    .toReversed()
    .map((one) => lineOf(token, one));
}

/** Where no consumer is declared, none has moved. */
function movedAt({ consumers = [] }: Token, one: Incident): Instant | undefined {
  return consumers.length === 0 ? undefined : one.movedAt;
}

function lineOf(token: Token, one: Incident): string {
  const moved = movedAt(token, one);
  const since = (name: string, at: Instant | undefined): string[] =>
    at === undefined ? [] : [`${name} after ${briefly(at - one.reportedAt)}`];
  const steps = [
    ...since('replaced', one.replacedAt),
    ...since(containedBy(token, one), one.containedAt),
    ...since('consumers moved', moved),
  ];
  const exposed =
    one.exposedAt === undefined ? [] : [`exposed ${briefly(one.reportedAt - one.exposedAt)} before`];
  return (
    `${stateOf(one)}  ${one.exposed.map((exposed) => exposed.handle ?? exposed.id).join(', ')}  reported ` +
    `${formatInstant(one.reportedAt)} by ${one.source}, ` +
    ([...exposed, ...steps].join(', ') || 'nothing was done yet')
  );
}
