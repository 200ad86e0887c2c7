import { isOpen } from '../../functions/core/incidents.ts';
import type { Incident, Token } from '../../functions/core/token.ts';
import type { Verdict } from './request.ts';
import { briefly } from './words.ts';

/** How far the answer to a leak is. */
export function leakVerdict(token: Token, incident: Incident | undefined): Verdict {
  if (!incident) return { outcome: 'asked', detail: 'No function has taken it up yet.' };
  if (!isOpen(incident)) return { outcome: 'done', detail: `${token.name}: what leaked is replaced${after(incident, incident.replacedAt)} and proven dead${after(incident, incident.containedAt)}.` };
  const why = token.lastError && incident.replacedAt === undefined ? ` ${token.lastError.message}` : '';
  if (incident.held && incident.returns !== undefined) return { outcome: 'asked', detail: `${token.name}: what leaked was made current again by hand, so often that nothing is done before \`keyturn leaked\` is run once more.` };
  if (incident.held) return { outcome: 'asked', detail: `${token.name}: the report is held until a person says that it is real.` };
  if (incident.replacedAt === undefined) return { outcome: 'asked', detail: `${token.name}: a new credential is being made.${why}` };
  return { outcome: 'asked', detail: `${token.name}: it is replaced, and what leaked is about to be revoked and proven dead.` };
}

function after(incident: Incident, at: number | undefined): string {
  return at === undefined || at <= incident.reportedAt ? '' : ` after ${briefly(at - incident.reportedAt)}`;
}
