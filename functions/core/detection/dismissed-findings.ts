import type { FindingKind } from '../findings/findings.ts';
import { lookedAtAgain } from '../token/transitions.ts';
import { telling } from '../token/telling.ts';
import { unnoted, type Noted } from '../findings/reported-findings.ts';
import { withReplicasAccepted } from '../revocation/replica-waits.ts';
import { heldBy, replicaSubject } from '../token/replicas.ts';
import type { Instant } from '../basics/time.ts';
import type { Token } from '../token/token.ts';
import type { Baseline, Reader } from './baseline.ts';
import { driftOf } from '../validity/scope-drift.ts';
import { OTHERS } from './anomaly-findings.ts';

/**
 * What a person may call normal. What takes a token away from its consumers or from Keyturn has to be mended
 * instead.
 */
const ACCEPTABLE: ReadonlySet<FindingKind> = new Set([
  'reader-unrecognized',
  'reader-location-new',
  'read-volume-unusual',
  'access-denied',
  'noncurrent-version-read',
  'out-of-band-change',
  'dormant-token-read',
]);

/** The subject that stands for all of them. */
export const EVERYTHING = '*';

type Accepted = Pick<Noted, 'kind' | 'subject'>;

/** Who accepts, and when the request was made: the same request twice is one. */
export interface Acceptance {
  readonly by: string;
  readonly at: Instant;
  readonly request: string;
}

/**
 * What of a token stands out and may be accepted: of one subject, of one kind that has none, or everything. A
 * copy in another Region is accepted by its own name alone: what waits for it may then be revoked.
 */
export function acceptable(token: Token, subject: string): Accepted[] {
  const noted = token.noted.filter((one) => ACCEPTABLE.has(one.kind));
  const drift: Accepted[] = driftOf(token) !== undefined ? [{ kind: 'scope-drift', subject: '' }] : [];
  const all = [...noted.map(({ kind, subject }) => ({ kind, subject })), ...drift];
  const replicas = heldBy(token.replicas ?? []).map((one): Accepted => ({
    kind: 'replica-out-of-sync',
    subject: replicaSubject(one.region),
  }));
  const named = replicas.filter((one) => one.subject === subject);
  return [
    ...named,
    ...all.filter(
      (one) =>
        subject === EVERYTHING || one.subject === subject || (one.subject === '' && one.kind === subject),
    ),
  ];
}

/** Teaches the habits: principals, networks and Regions that stood out are known from now on. */
export function taught(baseline: Baseline, accepted: readonly Accepted[], by: string): Baseline {
  const subjectsOf = (kind: FindingKind): string[] =>
    accepted.filter((one) => one.kind === kind).map((one) => one.subject);
  const principals = subjectsOf('reader-unrecognized');
  const places = subjectsOf('reader-location-new');
  const isMeant = (id: string): boolean => principals.includes(id) || principals.includes(OTHERS);
  const readers = baseline.readers.map((one) =>
    settled(!one.known && isMeant(one.id) ? { ...one, known: true, acceptedBy: by } : one, places),
  );
  const regions = baseline.regions.map((one) =>
    !one.known && places.some((place) => place === OTHERS || place.endsWith(`@${one.id}`))
      ? { ...one, known: true }
      : one,
  );
  return { ...baseline, readers, regions };
}

function settled(reader: Reader, places: readonly string[]): Reader {
  const networks = reader.networks.map((one) =>
    !one.known && (places.includes(`${reader.id}@${one.id}`) || places.includes(OTHERS))
      ? { ...one, known: true }
      : one,
  );
  return { ...reader, networks };
}

/** Takes the findings back and writes down who accepted what. */
export function withAccepted(token: Token, accepted: readonly Accepted[], how: Acceptance): Token {
  if (accepted.length === 0) return token;
  const left = accepted.reduce((one, { kind, subject }) => unnoted(one, kind, subject), token);
  const isDrift = accepted.some((one) => one.kind === 'scope-drift');
  const credentials = isDrift
    ? left.credentials.map((one) =>
        one.state === 'current' && one.scopes
          ? { ...one, scopes: { first: one.scopes.last, last: one.scopes.last } }
          : one,
      )
    : left.credentials;
  const detail = accepted
    .map((one) => [one.kind, one.subject].filter((part) => part !== '').join(' '))
    .join(', ');
  const copies = accepted.filter((one) => one.kind === 'replica-out-of-sync').map((one) => one.subject);
  const waited =
    copies.length === 0
      ? { ...left, credentials }
      : lookedAtAgain(withReplicasAccepted({ ...left, credentials }, copies, how));
  return telling(waited, { what: 'accepted', about: how.request, detail, by: how.by, at: how.at });
}
