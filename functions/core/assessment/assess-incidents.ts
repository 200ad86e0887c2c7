import type { Observation } from '../findings/findings.ts';
import { exposes, incidentsOf, isOpen } from '../incidents/incidents.ts';
import { MOST_RETURNS } from '../incidents/milestones.ts';
import { containBy } from '../revocation/forced-revocations.ts';
import { formatInstant, type Instant } from '../basics/time.ts';
import { isDisabled } from '../token/disabled.ts';
import type { Incident } from '../token/incident.ts';
import type { Token } from '../token/token.ts';

/** What is wrong with a token because credentials of it are out. */
export function assessIncidents(token: Token, now: Instant): Observation[] {
  return incidentsOf(token)
    .filter(isOpen)
    .flatMap((incident): Observation[] => {
      const late: Observation = {
        kind: 'leak-not-contained',
        subject: incident.id,
        severity: 'critical',
        detail: `It should have been replaced and revoked by ${formatInstant(containBy(token, incident))}.`,
      };
      const open: Observation = {
        kind: 'credential-leaked',
        subject: incident.id,
        severity: 'critical',
        detail: leakDetail(token, incident),
      };
      return now >= containBy(token, incident) ? [open, late] : [open];
    });
}

function leakDetail(token: Token, incident: Incident): string {
  const where =
    incident.exposedAt === undefined ? '' : `, exposed since ${formatInstant(incident.exposedAt)}`;
  const head = `Reported ${formatInstant(incident.reportedAt)} by ${incident.source}${where}:`;
  if (incident.held && (incident.returns?.length ?? 0) >= MOST_RETURNS)
    return (
      `${head} it was made current again by hand ${MOST_RETURNS} times within a day after it had been ` +
      `replaced, so it is not replaced again before a person says so: run \`keyturn report-leak\`.`
    );
  if (incident.held)
    return `${head} too many leaks were reported at once, so nothing is done until a person says so.`;
  if (incident.replacedAt !== undefined)
    return `${head} it is replaced, and its revocation is not verified yet.`;
  if (incident.containedAt !== undefined)
    return `${head} ${endText(token, incident)}, and there is no new one yet.`;
  return `${head} it is being replaced, then it is revoked.`;
}

function endText(token: Token, incident: Incident): string {
  return token.credentials.some((one) => isDisabled(one) && exposes(incident, one))
    ? 'it is disabled at its issuer'
    : 'its revocation is verified';
}

/** Moments at which this changes by itself. */
export function incidentTimes(token: Token): Instant[] {
  return incidentsOf(token).flatMap((incident) => [
    containBy(token, incident),
    ...(incident.replacedAt === undefined ? [] : [incident.replacedAt + token.policy.cacheTtl]),
  ]);
}
