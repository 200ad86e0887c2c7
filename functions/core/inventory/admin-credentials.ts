import type { InstallationRecord, LeakedAdmin } from './installation.ts';
import { incidentsOf } from '../incidents/incidents.ts';
import { adminPrefixOf, adminSecretOf } from '../basics/names.ts';
import { currentOf } from '../token/lookups.ts';
import type { Token } from '../token/token.ts';
import type { Instant } from '../basics/time.ts';

/** The admin secret that a token's credentials are made with. */
export function adminOf(token: Pick<Token, 'provider' | 'admin'>): string {
  return token.admin ?? adminPrefixOf(token.provider);
}

/**
 * Until when an admin credential could be used by others, as far as it is known: it was contained, or else
 * reported. Undefined for one that was not, and for any other token.
 */
function outUntil(admin: Token): Instant | undefined {
  if (adminSecretOf(admin.name) === undefined) return undefined;
  const reported = incidentsOf(admin).flatMap((incident) =>
    incident.held === true ? [] : [incident.containedAt ?? incident.reportedAt],
  );
  return reported.length === 0 ? undefined : Math.max(...reported);
}

/**
 * Notes that an admin credential was out; once more when it is contained, since what was made with it until
 * then is in question too.
 */
export function withLeak(installationRecord: InstallationRecord, admin: Token): InstallationRecord {
  const since = outUntil(admin);
  const known = installationRecord.leakedAdmins ?? [];
  if (since === undefined || known.some((one) => one.name === admin.name && one.since >= since))
    return installationRecord;
  return {
    ...installationRecord,
    leakedAdmins: [
      ...known.filter((one) => one.name !== admin.name),
      { name: admin.name, provider: admin.provider, since },
    ],
  };
}

/** The leak that puts a token in question: its current credential was made before that. */
export function leakBehind(token: Token, leaked: readonly LeakedAdmin[]): LeakedAdmin | undefined {
  const current = currentOf(token);
  if (token.detachedAt !== undefined || !current || adminSecretOf(token.name) !== undefined) return undefined;
  const since = current.issuedAt ?? current.promotedAt ?? token.enrolledAt;
  return leaked.find(
    (one) => one.provider === token.provider && one.name === adminOf(token) && since <= one.since,
  );
}

/** Has a token replaced whose admin credential was out; asked again it changes nothing. */
export function questioned(token: Token, leaked: readonly LeakedAdmin[]): Token {
  const behind = leakBehind(token, leaked);
  return behind === undefined || (token.adminLeakedAt ?? 0) >= behind.since
    ? token
    : { ...token, adminLeakedAt: behind.since };
}
