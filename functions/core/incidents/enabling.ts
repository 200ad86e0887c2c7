import { KeyturnError } from '../basics/errors.ts';
import { exposes, incidentsOf } from '../token/exposure.ts';
import { isRetiring } from '../token/retirement.ts';
import { moveCredential, withCredential } from '../token/transitions.ts';
import { telling } from '../token/telling.ts';
import { credentialOf } from '../token/lookups.ts';
import type { Credential } from '../token/credential.ts';
import type { Exposed, Incident } from '../token/incident.ts';
import type { Token } from '../token/token.ts';
import type { Instant } from '../basics/time.ts';

/** A person has a disabled credential enabled again. */
export interface Enabling {
  readonly credentialId: string;
  readonly by: string;
  readonly reason: string;
  readonly now: Instant;
}

/** Why a credential cannot be enabled, in one sentence; undefined where it can. */
export function whyNotEnabled(token: Token, one: Credential): string | undefined {
  const name = `The credential ${one.handle ?? one.id} of ${token.name}`;
  if (one.forgotten !== undefined) return `${name} was forgotten: enable it at its issuer.`;
  if (one.state === 'ended') return `${name} is revoked at its issuer, and nothing brings it back.`;
  if (one.revokedAt !== undefined)
    return `${name} is being revoked: its issuer took the request, and nothing brings it back.`;
  if (one.disabledAt === undefined) return `${name} is not disabled, so there is nothing to enable.`;
  if (one.askedBy !== undefined) return `${name} is to be revoked: ${one.askedBy} asked for it.`;
  return isRetiring(token) ? `${name} is to be revoked: a person ended the token.` : undefined;
}

/** The credential that is meant. Errors: `not-found`; `bad-request` with why it cannot be enabled. */
export function enableable(token: Token, id: string): Credential {
  const one = credentialOf(token, id);
  if (!one)
    throw new KeyturnError(
      'not-found',
      `${token.name} has no credential ${id} on record: \`keyturn show\` lists them.`,
    );
  const objection = whyNotEnabled(token, one);
  if (objection !== undefined) throw new KeyturnError('bad-request', objection);
  return one;
}

/**
 * Takes back what was reported of a credential, before its issuer is asked to enable it: from then on nothing
 * ends it for that. Its grace period begins anew. Twice is once. Errors: as {@link enableable}.
 */
export function withReportTakenBack(token: Token, { credentialId, by, reason, now }: Enabling): Token {
  const one = enableable(token, credentialId);
  if (one.state !== 'revoking') return token;
  const cleared = moveCredential(token, one.id, 'release', {
    withoutGrace: undefined,
    reason: undefined,
    revocationBegunAt: undefined,
    endingSince: undefined,
    givenUp: undefined,
    problem: undefined,
    verdict: undefined,
    lookAt: undefined,
    supersededAt: now,
    enabledAt: now,
  });
  const incidents = incidentsOf(token).flatMap((incident) => without(incident, one));
  return telling(
    { ...cleared, incidents },
    {
      what: 'requested',
      about: `enable/${one.id}/${now}`,
      detail: `enable of ${one.handle ?? one.id}: ${reason}`,
      by,
      at: now,
    },
  );
}

/** What is left of an incident; nothing where it was about this credential alone. */
function without(incident: Incident, one: Credential): Incident[] {
  const exposed = incident.exposed.filter((other) => !exposes({ ...incident, exposed: [other] }, one));
  return exposed.length === 0 ? [] : [{ ...incident, exposed }];
}

/** Its issuer says that it is enabled. */
export function withEnabled(token: Token, { credentialId, by, reason, now }: Enabling): Token {
  const one = credentialOf(token, credentialId);
  if (one?.disabledAt === undefined) return token;
  const noted = withCredential(token, one.id, (same) => ({ ...same, disabledAt: undefined }));
  return telling(noted, {
    what: 'enabled',
    about: one.handle ?? one.id,
    detail: `${one.handle ?? one.id} is enabled again at its issuer: ${reason}`,
    by,
    at: now,
  });
}

/** Without what a person took back since it was reported. */
export function notTakenBack(token: Token, exposed: readonly Exposed[], reportedAt: Instant): Exposed[] {
  const isOver = (id: string): boolean => (credentialOf(token, id)?.enabledAt ?? -Infinity) >= reportedAt;
  return exposed.filter(({ id }) => !isOver(id));
}
