import type { Consumer } from '../consumers/consumer-state.ts';
import { isDeliveredToAll } from '../delivery/deliveries.ts';
import { exposes, exposesMint, incidentsOf, namesOf, withIncident } from '../token/exposure.ts';
import { holderOfCurrent } from '../token/lookups.ts';
import type { Credential } from '../token/credential.ts';
import { isDisabled } from '../token/disabled.ts';
import type { Incident } from '../token/incident.ts';
import type { Token } from '../token/token.ts';
import { DAY, type Instant } from '../basics/time.ts';
import { crossed, crossingAt, withdrawn } from './incident-steps.ts';

/**
 * An exposed credential that is made current so often within {@link RETURNS_WITHIN}, after it was replaced,
 * somebody wants there: a person is asked.
 */
export const MOST_RETURNS = 3;
export const RETURNS_WITHIN = DAY;

/**
 * Derives from the credentials what is reached in the answer to each leak. Nothing that was reached stays so
 * by itself. Each crossing and each withdrawal is reported once. Doing it twice changes nothing.
 */
export function withMilestones(token: Token, now: Instant): Token {
  return incidentsOf(token).reduce((doing, { id }) => {
    const known = incidentsOf(doing).find((one) => one.id === id);
    return known ? MILESTONES.reduce((one, step) => step(one, id, now), doing) : doing;
  }, token);
}

type Milestone = (token: Token, id: string, now: Instant) => Token;

const MILESTONES: readonly Milestone[] = [steppingContained, steppingReplaced, steppingMoved];

function incidentIn(token: Token, id: string): Incident | undefined {
  return incidentsOf(token).find((one) => one.id === id);
}

/** Whether no leaked credential is or may be active: each is disabled, or verified to be revoked. */
export function isContained(token: Token, incident: Incident): boolean {
  const isOut = (one: Credential): boolean => one.state !== 'ended' && !isDisabled(one);
  if (token.credentials.some((one) => isOut(one) && exposes(incident, one))) return false;
  return !token.attempts.some((attempt) => attempt.tidy !== true && exposesMint(incident, attempt));
}

/** Whether the label AWSCURRENT stands on a credential that did not leak. */
export function isReplaced(token: Token, incident: Incident): boolean {
  const holder = holderOfCurrent(token);
  return holder !== undefined && !exposes(incident, holder);
}

/** Whether a version of a service that was not released runs with a credential that is out. */
export function isInService(token: Token, incident: Incident): boolean {
  return (token.consumers ?? []).some((one) => runs(one, token, incident));
}

function runs({ uses = [] }: Consumer, token: Token, incident: Incident): boolean {
  return uses.some((use) => use.releasedAt === undefined && isNamed(incident, use.credentialId, token));
}

function isNamed(incident: Incident, id: string, token: Token): boolean {
  const one = token.credentials.find((credential) => credential.id === id);
  return (
    incident.exposed.some((exposed) => exposed.id === id) || (one !== undefined && exposes(incident, one))
  );
}

function steppingContained(token: Token, id: string, now: Instant): Token {
  const incident = incidentIn(token, id);
  if (!incident) return token;
  const is = isContained(token, incident);
  if (is === (incident.containedAt !== undefined)) return token;
  if (!is)
    return withdrawn(token, incident, now, {
      field: 'containedAt',
      what: 'containment-withdrawn',
      detail: `${namesOf(incident)} is active again, or may be`,
    });
  const known = token.credentials.filter((one) => exposes(incident, one));
  const ends = known.map((one) => one.endedAt ?? one.disabledAt ?? now);
  const at = crossingAt(
    incident,
    ends.length === 0 ? now : Math.max(...ends),
    incident.withdrawn?.containedAt,
    now,
  );
  return crossed(token, incident, {
    field: 'containedAt',
    what: 'contained',
    at,
    detail: `${namesOf(incident)} is ${known.some(isDisabled) ? 'disabled at' : 'refused by'} its issuer`,
  });
}

function steppingReplaced(token: Token, id: string, now: Instant): Token {
  const incident = incidentIn(token, id);
  if (!incident) return token;
  const is = isReplaced(token, incident);
  if (is === (incident.replacedAt !== undefined)) return token;
  const holder = holderOfCurrent(token);
  if (!is) {
    const taken = withdrawn(token, incident, now, {
      field: 'replacedAt',
      what: 'replacement-withdrawn',
      detail: `${namesOf({ exposed: holder ? [holder] : incident.exposed })} leaked and is current again`,
    });
    return withIncident(taken, id, (one) => returned(one, now));
  }
  const at = crossingAt(incident, holder?.promotedAt ?? now, incident.withdrawn?.replacedAt, now);
  return crossed(token, incident, {
    field: 'replacedAt',
    what: 'replaced',
    at,
    detail:
      `${holder === undefined ? 'the current credential' : namesOf({ exposed: [holder] })} is current, ` +
      `which did not leak; ${namesOf(incident)} is not`,
  });
}

/** Somebody wants it there: from the third time on, a person is asked. */
function returned(incident: Incident, now: Instant): Incident {
  const returns = [...(incident.returns ?? []).filter((at) => now - at < RETURNS_WITHIN), now].slice(
    -MOST_RETURNS,
  );
  return { ...incident, returns, ...(returns.length >= MOST_RETURNS && { held: true }) };
}

function steppingMoved(token: Token, id: string, now: Instant): Token {
  const incident = incidentIn(token, id);
  if (!incident) return token;
  const { replacedAt, containedAt, movedAt } = incident;
  if (movedAt !== undefined) {
    if (replacedAt !== undefined && !isInService(token, incident)) return token;
    return withdrawn(token, incident, now, {
      field: 'movedAt',
      what: 'move-withdrawn',
      detail: `consumers may use ${namesOf(incident)} again`,
    });
  }
  const isOver = containedAt !== undefined && replacedAt !== undefined;
  if (!isOver || now < replacedAt + token.policy.cacheTtl || !haveMoved(token, incident, replacedAt))
    return token;
  const who =
    (token.consumers ?? []).length === 0
      ? 'no consumer is declared'
      : 'every declared consumer has the new value or said so';
  const at = crossingAt(incident, now, incident.withdrawn?.movedAt, now);
  return crossed(token, incident, {
    field: 'movedAt',
    what: 'consumers-moved',
    at,
    detail: `${who}, and none can hold ${namesOf(incident)} in a cache any more`,
  });
}

/**
 * Deliveries have arrived, who has to say so has, and no version of a service that was not released was
 * deployed with a credential that is out. Roles read anew when their cache is over.
 */
function haveMoved(token: Token, incident: Incident, replacedAt: Instant): boolean {
  const owesWord = (one: Consumer): boolean =>
    (one.kind === 'ack' || one.kind === 'event') && (one.acknowledged?.at ?? -Infinity) < replacedAt;
  return isDeliveredToAll(token) && !isInService(token, incident) && !(token.consumers ?? []).some(owesWord);
}
