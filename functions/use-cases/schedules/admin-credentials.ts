import { leakBehind, questioned, withLeak } from '../../core/inventory/admin-credentials.ts';
import { CRITICAL_LEFT } from '../../core/assessment/time-left.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import type { InstallationRecord, LeakedAdmin } from '../../core/inventory/installation.ts';
import type { FindingKind } from '../../core/findings/findings.ts';
import { withoutSecrets } from '../../core/inventory/leaked-admin-credentials.ts';
import { adminSecretOf, nameInTokenId, secretNameOf, tokenIdOf } from '../../core/basics/names.ts';
import { noting, unnoted } from '../../core/findings/reported-findings.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Probe } from '../../core/issuer/provider.ts';
import { ownRead } from '../../core/inventory/trail-health.ts';
import { DAY, MINUTE, formatInstant, type Instant } from '../../core/basics/time.ts';
import { changeInstallationRecord, type InstallationRecordPorts } from '../inventory/installation.ts';
import { isByHand, watchExposure, type ExposurePorts } from '../incidents/leaked-admin-credentials.ts';
import { change } from '../inventory/store.ts';

const COMMAND_LIFE = 50 * MINUTE;
/** A person has to act before it ends, and has a month for it. */
const WARN_BEFORE = 30 * DAY;
const KINDS = [
  'admin-credential-expiring',
  'admin-credential-unusable',
] as const satisfies readonly FindingKind[];

export type AdminPorts = InstallationRecordPorts & Pick<Ports, 'secrets' | 'commands' | 'descriptor'>;

/**
 * Has every admin secret examined that a provider of this installation may use, registered or not, and
 * forgets those that are gone.
 */
export async function examineAdmins(ports: AdminPorts): Promise<void> {
  const names: string[] = [];
  for await (const secretArn of ports.secrets.admins()) {
    const name = secretNameOf(secretArn);
    const provider = adminSecretOf(name) ?? '';
    names.push(name);
    if (ports.descriptor(provider))
      await ports.commands.send(provider, [
        { kind: 'examine', tokenId: tokenIdOf(secretArn), secretArn, notAfter: ports.now() + COMMAND_LIFE },
      ]);
  }
  await changeInstallationRecord(ports, (installationRecord) => withoutGone(installationRecord, names));
}

function withoutGone(installationRecord: InstallationRecord, names: readonly string[]): InstallationRecord {
  const gone = installationRecord.noted.filter(
    (one) => KINDS.some((kind) => kind === one.kind) && !names.includes(one.subject),
  );
  return gone.reduce(
    (doing, one) => unnoted(doing, one.kind, one.subject),
    withoutSecrets(installationRecord, names),
  );
}

/**
 * Asks the issuer about one admin credential; that it is refused, ends soon, or is out, is a finding of the
 * installation. One that is a token of its own is watched as that. Errors: those that pass by themselves.
 */
export async function examineAdmin(tokenId: string, ports: ExposurePorts): Promise<void> {
  const name = nameInTokenId(tokenId);
  const provider = adminSecretOf(name);
  if (provider === undefined) throw new KeyturnError('bad-request', `${name} is no admin secret.`);
  const seen = await look(provider, name, ports);
  const byHand = isByHand(tokenId, (await ports.inventory.load(tokenId))?.token);
  const read = (installationRecord: InstallationRecord): InstallationRecord =>
    seen instanceof KeyturnError ? installationRecord : ownRead(installationRecord, ports.now());
  await changeInstallationRecord(ports, (installationRecord) =>
    read(examined(installationRecord, name, byHand ? seen : 'as a token', ports.now())),
  );
  if (byHand) await watchExposure(tokenId, ports);
}

/** What keeps the secret from being used at all is as bad as a refusal. */
async function look(
  provider: string,
  name: string,
  ports: Pick<Ports, 'issuers'>,
): Promise<Probe | KeyturnError> {
  try {
    return await ports.issuers.examine(provider, name);
  } catch (error) {
    if (error instanceof KeyturnError && !error.rule.retry) return error;
    throw error;
  }
}

function examined(
  installationRecord: InstallationRecord,
  subject: string,
  seen: Probe | KeyturnError | 'as a token',
  now: Instant,
): InstallationRecord {
  if (seen === 'as a token')
    return KINDS.reduce((doing, kind) => unnoted(doing, kind, subject), installationRecord);
  if (seen instanceof KeyturnError)
    return noting(
      installationRecord,
      { kind: 'admin-credential-unusable', subject, severity: 'critical', detail: seen.message },
      { now },
    );
  switch (seen.outcome) {
    case 'unknown':
      return installationRecord;
    case 'inactive':
      return noting(
        installationRecord,
        {
          kind: 'admin-credential-unusable',
          subject,
          severity: 'critical',
          detail: `The issuer refuses the admin credential in ${subject}.`,
        },
        { now },
      );
    case 'active':
      return ending(
        unnoted(installationRecord, 'admin-credential-unusable', subject),
        subject,
        seen.expiresAt,
        now,
      );
  }
}

function ending(
  installationRecord: InstallationRecord,
  subject: string,
  expiresAt: Instant | undefined,
  now: Instant,
): InstallationRecord {
  if (expiresAt === undefined || expiresAt - now > WARN_BEFORE)
    return unnoted(installationRecord, 'admin-credential-expiring', subject);
  const severity = expiresAt - now <= CRITICAL_LEFT ? 'critical' : 'warning';
  return noting(
    installationRecord,
    {
      kind: 'admin-credential-expiring',
      subject,
      severity,
      detail: `The admin credential in ${subject} expires ${formatInstant(expiresAt)}.`,
    },
    { now },
  );
}

/**
 * After anything was done about an admin credential: one that was out puts all in question that it could
 * make. Comes again with the next command, if it is lost.
 */
export async function spreadLeak(tokenId: string, ports: InstallationRecordPorts): Promise<void> {
  if (adminSecretOf(tokenId) === undefined) return;
  const admin = await ports.inventory.load(tokenId);
  if (admin)
    await changeInstallationRecord(ports, (installationRecord) => withLeak(installationRecord, admin.token));
}

/**
 * Has a token replaced whose admin credential was out. Resolves to that admin secret's name as long as the
 * token is not replaced.
 */
export async function questionToken(
  secretArn: string,
  leaked: readonly LeakedAdmin[],
  ports: InstallationRecordPorts,
): Promise<string | undefined> {
  const loaded = await ports.inventory.load(tokenIdOf(secretArn));
  if (!loaded) return undefined;
  const { token } = await change(loaded, ports, (same) => questioned(same, leaked));
  return leakBehind(token, leaked)?.name;
}

/** Forgets the leaks of admin credentials whose tokens are all replaced, after a whole pass over them. */
export async function settleLeaks(
  leaked: readonly LeakedAdmin[],
  behind: ReadonlySet<string>,
  ports: InstallationRecordPorts,
): Promise<void> {
  const done = leaked.filter((one) => !behind.has(one.name));
  if (done.length === 0) return;
  await changeInstallationRecord(ports, (installationRecord) => ({
    ...installationRecord,
    leakedAdmins: installationRecord.leakedAdmins?.filter(
      (one) => !done.some((other) => other.name === one.name && other.since === one.since),
    ),
  }));
}
