import type { Attempt, Mint } from './attempt.ts';
import { likeness, type Identity } from '../issuer/likeness.ts';
import type { Exposed, Incident } from './incident.ts';
import type { Credential } from './credential.ts';
import type { Token } from './token.ts';

/** Every incident that a record keeps, open or over. */
export function incidentsOf(token: Token): readonly Incident[] {
  return token.incidents ?? [];
}

/**
 * A version never changes its value. By its names alone another credential counts as the same, unless it is
 * younger under a handle that was given out again.
 */
function isSame(exposed: Exposed, one: Identity & { readonly id: string | undefined }): boolean {
  const alike = likeness(exposed, one);
  return alike === 'same' || (alike === 'unknown' && exposed.id === one.id);
}

/** Whether a credential is one of those that are out. */
export function exposes(incident: Incident, one: Credential): boolean {
  return incident.exposed.some((exposed) => isSame(exposed, one));
}

/** Whether the report of an incident covers a credential that another report names. */
export function covers(incident: Incident, one: Exposed): boolean {
  return incident.exposed.some((exposed) => exposed.id === one.id || isSame(exposed, one));
}

function isMintOf(incident: Incident, { handle, createdAt, fingerprint }: Mint): boolean {
  return incident.exposed.some((exposed) =>
    isSame(exposed, { id: undefined, handle, createdAt, fingerprint }),
  );
}

/** Whether one of those that are out was made by an attempt. */
export function exposesMint(incident: Incident, attempt: Attempt): boolean {
  return attempt.mints.some((mint) => isMintOf(incident, mint));
}

/**
 * Outsiders have it, or may have: by any report on record, one that waits for a person or is answered
 * included.
 */
export function isExposed(token: Token, one: Credential): boolean {
  return incidentsOf(token).some((incident) => exposes(incident, one));
}

/** The same without what waits for a person: its end is the answer. */
export function isOut(token: Token, one: Credential): boolean {
  return incidentsOf(token).some((incident) => incident.held !== true && exposes(incident, one));
}

/** As `isExposed`, of what a rotation made. */
export function hasExposedMint(token: Token, attempt: Attempt): boolean {
  return incidentsOf(token).some((incident) => exposesMint(incident, attempt));
}

/** The credentials of an incident in words. */
export function namesOf({ exposed }: Pick<Incident, 'exposed'>): string {
  return `the credential ${exposed.map((one) => one.handle ?? one.id).join(', ')}`;
}

/** Replaces one incident. */
export function withIncident(token: Token, id: string, change: (incident: Incident) => Incident): Token {
  return { ...token, incidents: incidentsOf(token).map((one) => (one.id === id ? change(one) : one)) };
}
