import { isOpen } from '../../../functions/core/incidents/incidents.ts';
import { containedBy } from './incidents.ts';
import type { Incident } from '../../../functions/core/token/incident.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { NOT_TAKEN_UP, type Verdict } from '../tokens/request.ts';
import { briefly } from '../output/words.ts';

/** How far the answer to a leak is. */
export function leakVerdict(token: Token, incident: Incident | undefined): Verdict {
  if (!incident) return NOT_TAKEN_UP;
  if (!isOpen(incident))
    return {
      outcome: 'done',
      detail:
        `${token.name}: the leaked credential is replaced${after(incident, incident.replacedAt)} and ` +
        `${containedBy(token, incident)}${after(incident, incident.containedAt)}.`,
    };
  const why = token.lastError && incident.replacedAt === undefined ? ` ${token.lastError.message}` : '';
  if (incident.held && incident.returns !== undefined)
    return {
      outcome: 'asked',
      detail:
        `${token.name}: the leaked credential was made current again by hand, so often that nothing is ` +
        `done until \`keyturn report-leak\` is run again.`,
    };
  if (incident.held)
    return { outcome: 'asked', detail: `${token.name}: the report waits until a person confirms it.` };
  if (incident.replacedAt === undefined)
    return { outcome: 'asked', detail: `${token.name}: a new credential is being made.${why}` };
  return {
    outcome: 'asked',
    detail: `${token.name}: it is replaced, and the leaked credential will be revoked next.`,
  };
}

function after(incident: Incident, at: number | undefined): string {
  return at === undefined || at <= incident.reportedAt ? '' : ` after ${briefly(at - incident.reportedAt)}`;
}
