import type { Instant } from '../basics/time.ts';
import type { LifecycleFact } from '../findings/events.ts';
import { withIncident } from '../token/exposure.ts';
import type { Incident } from '../token/incident.ts';
import type { Token } from '../token/token.ts';
import { telling } from '../token/telling.ts';

/** What was reached in the answer to a leak, or is so no more. */
type Step = Extract<
  LifecycleFact['what'],
  | 'leaked'
  | 'contained'
  | 'replaced'
  | 'consumers-moved'
  | 'containment-withdrawn'
  | 'replacement-withdrawn'
  | 'move-withdrawn'
>;

/**
 * Tells a step. Its time is part of its name, since a step may be reached twice; one credential at least is
 * named in its words.
 */
export function stepTold(
  token: Token,
  incident: Incident,
  step: { what: Step; detail: string; by: string; at: Instant },
): Token {
  const since = {
    id: incident.id,
    sinceReported: Math.max(0, step.at - incident.reportedAt),
    ...(incident.exposedAt === undefined ? {} : { sinceExposed: Math.max(0, step.at - incident.exposedAt) }),
  };
  return telling(token, { ...step, about: `${incident.id}/${step.at}`, incident: since });
}

/** A crossing lies after the report, and after the withdrawal of the one before. */
export function crossingAt(
  incident: Incident,
  at: Instant,
  withdrawnAt: Instant | undefined,
  now: Instant,
): Instant {
  if (withdrawnAt === undefined) return Math.max(incident.reportedAt, at);
  return Math.max(withdrawnAt + 1, at > withdrawnAt ? at : now);
}

type Field = 'containedAt' | 'replacedAt' | 'movedAt';

/** A step is reached: the incident has its time, and it is told. */
export function crossed(
  token: Token,
  incident: Incident,
  step: { field: Field; what: Step; at: Instant; detail: string },
): Token {
  const next = { ...incident, [step.field]: step.at };
  return stepTold(
    withIncident(token, incident.id, () => next),
    next,
    { what: step.what, detail: step.detail, by: 'keyturn', at: step.at },
  );
}

/** What was reached is so no more: the incident loses its time, and that is told. */
export function withdrawn(
  token: Token,
  incident: Incident,
  now: Instant,
  step: { field: Field; what: Step; detail: string },
): Token {
  const at = Math.max(now, (incident[step.field] ?? 0) + 1);
  const { [step.field]: _was, ...rest } = incident;
  const next: Incident = { ...rest, withdrawn: { ...incident.withdrawn, [step.field]: at } };
  return stepTold(
    withIncident(token, incident.id, () => next),
    next,
    { what: step.what, detail: step.detail, by: 'keyturn', at },
  );
}
