import { shortFingerprint } from '../issuer/identity.ts';
import type { InstallationRecord, ExposedAdmin } from './installation.ts';
import type { Observation } from '../findings/findings.ts';
import { noting, unnoted } from '../findings/reported-findings.ts';
import { DAY, formatInstant, type Instant } from '../basics/time.ts';

/**
 * What became of an admin credential that is out. `in-use`: it is in the current version of its secret. All
 * others are of one that was replaced there: what its issuer says of it, or `lost` where no version holds it
 * any more, so that it cannot be tried.
 */
export type Fate = 'in-use' | 'active' | 'inactive' | 'unknown' | 'lost';

/** So long one is reported that cannot be tried any more. */
const TOLD_FOR = 7 * DAY;

/** Those of one admin secret. */
export function exposedIn(installationRecord: InstallationRecord, name: string): ExposedAdmin[] {
  return (installationRecord.exposedAdmins ?? []).filter((one) => one.name === name);
}

/** Puts on record that an admin credential is out, once. */
export function withExposed(
  installationRecord: InstallationRecord,
  exposed: ExposedAdmin,
): InstallationRecord {
  const known = installationRecord.exposedAdmins ?? [];
  return known.some((one) => isSame(one, exposed))
    ? installationRecord
    : { ...installationRecord, exposedAdmins: [...known, exposed] };
}

/**
 * Takes over what became of one that is out. Once it is replaced, every token that it could make is in
 * question; it is reported until its issuer rejects it.
 */
export function withFate(
  installationRecord: InstallationRecord,
  exposed: ExposedAdmin,
  fate: Fate,
  now: Instant,
): InstallationRecord {
  const known = installationRecord.exposedAdmins?.find((one) => isSame(one, exposed));
  if (!known) return installationRecord;
  if (fate === 'in-use') return noting(installationRecord, observed(known, fate), { now });
  const replaced =
    known.replacedAt === undefined ? questioning(installationRecord, known, now) : installationRecord;
  const others = (replaced.exposedAdmins ?? []).filter((one) => !isSame(one, known));
  if (fate === 'inactive')
    return { ...unnoted(replaced, 'admin-credential-leaked', subjectOf(known)), exposedAdmins: others };
  if (fate === 'lost')
    return {
      ...noting(replaced, observed(known, fate), { now, until: now + TOLD_FOR }),
      exposedAdmins: others,
    };
  return {
    ...noting(replaced, observed(known, fate), { now }),
    exposedAdmins: [...others, { ...known, replacedAt: known.replacedAt ?? now }],
  };
}

/** Forgets those whose admin secret is gone. */
export function withoutSecrets(
  installationRecord: InstallationRecord,
  names: readonly string[],
): InstallationRecord {
  const gone = (installationRecord.exposedAdmins ?? []).filter((one) => !names.includes(one.name));
  if (gone.length === 0) return installationRecord;
  const left = gone.reduce(
    (doing, one) => unnoted(doing, 'admin-credential-leaked', subjectOf(one)),
    installationRecord,
  );
  return { ...left, exposedAdmins: left.exposedAdmins?.filter((one) => names.includes(one.name)) };
}

function questioning(
  installationRecord: InstallationRecord,
  { name, provider }: ExposedAdmin,
  since: Instant,
): InstallationRecord {
  return {
    ...installationRecord,
    leakedAdmins: [
      ...(installationRecord.leakedAdmins ?? []).filter((one) => one.name !== name),
      { name, provider, since },
    ],
  };
}

function isSame(one: ExposedAdmin, other: ExposedAdmin): boolean {
  return one.name === other.name && one.fingerprint === other.fingerprint;
}

/** One admin secret may hold several credentials. */
function subjectOf({ name, fingerprint }: ExposedAdmin): string {
  return `${name}/${shortFingerprint(fingerprint)}`;
}

const WHAT_NEXT = {
  'in-use': 'it is still in its secret, so who found it can create and revoke tokens',
  active: 'it was replaced in its secret, and its issuer still accepts it: revoke it there',
  unknown:
    'it was replaced in its secret, and its issuer does not say whether it is inactive: check that it is',
  lost:
    'it is in no version of its secret any more and cannot be tried: check at its issuer that it is ' +
    'revoked',
} as const satisfies Record<Exclude<Fate, 'inactive'>, string>;

function observed(one: ExposedAdmin, fate: keyof typeof WHAT_NEXT): Observation {
  const detail =
    `An admin credential of ${one.name} leaked, says ${one.source} ${formatInstant(one.reportedAt)}; ` +
    `${WHAT_NEXT[fate]}.`;
  return { kind: 'admin-credential-leaked', subject: subjectOf(one), severity: 'critical', detail };
}
