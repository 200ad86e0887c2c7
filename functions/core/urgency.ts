import { isRetiring } from './ending.ts';
import { answered, exposes, incidentsOf } from './incidents.ts';
import type { Generation, Token } from './token.ts';

/**
 * Why a credential dies without the picture of all secrets being complete, and without a last look at what takes its place. The list is closed:
 * outsiders have it; a person asked for its end, or for its token's; the policy orders it in words; it was made on trial, and its value never left the function that made it;
 * or it stands in the way of the answer to a leak, and no consumer ever had it.
 */
export type Urgency = 'exposed' | 'person' | 'order' | 'trial' | 'in the way of a leak';

export function urgencyOf(token: Token, one: Generation): Urgency | undefined {
  if (incidentsOf(token).some((incident) => incident.held !== true && exposes(incident, one))) return 'exposed';
  if (one.askedBy !== undefined || isRetiring(token)) return 'person';
  if (one.order !== undefined) return 'order';
  if (one.trialOf !== undefined) return 'trial';
  return one.neverCurrent === true && answered(token).length > 0 ? 'in the way of a leak' : undefined;
}
