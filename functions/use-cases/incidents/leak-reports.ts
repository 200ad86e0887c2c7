import type { Command } from '../../core/commands/commands.ts';
import { credentialWith, incidentsOf } from '../../core/incidents/incidents.ts';
import { counted, type RateLimit, type Owned, type Reported } from '../../core/incidents/leak-reports.ts';
import { exposedIn } from '../../core/inventory/leaked-admin-credentials.ts';
import { adminSecretOf, nameInTokenId } from '../../core/basics/names.ts';
import { shortFingerprint } from '../../core/issuer/identity.ts';
import { noting } from '../../core/findings/reported-findings.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Instant } from '../../core/basics/time.ts';
import { DAY, MINUTE, formatDuration } from '../../core/basics/time.ts';
import type { Token } from '../../core/token/token.ts';
import { changeInstallationRecord } from '../inventory/installation.ts';
import { isByHand } from './leaked-admin-credentials.ts';
import { fingerprintOfDigest } from '../rotation/provenance.ts';
import type { StorePorts } from '../inventory/store.ts';

export type WhosePorts = Pick<Ports, 'inventory' | 'seals' | 'descriptor'>;
export type LeakPorts = StorePorts & WhosePorts & Pick<Ports, 'commands' | 'installation'>;

/** A report that was not handled by then is given up; its queue tries it five times until then. */
const REPORT_LIFE = 40 * MINUTE;
/** So long a leak that a person has to answer by hand stays a finding. */
const TOLD_FOR = 7 * DAY;

/** What a machine says of a leak. */
export interface LeakReport {
  /** SHA-256 of the value, hexadecimal. */
  readonly digest: string;
  /** Who says so, in words. */
  readonly source: string;
  readonly exposedAt?: Instant | undefined;
}

/**
 * Which tokens have, or had, the credential with a digest, for the caller. An admin credential that a person
 * chose is not matched here: with an answer a caller could guess it, try after try. What a machine reports is
 * matched with those too, since a report is answered by a finding and never to its sender.
 */
export async function whose(digest: string, ports: WhosePorts): Promise<Owned[]> {
  return (await holdersOf(digest, ports)).filter(
    (one) => one.state !== 'admin' || ports.descriptor(one.provider)?.admin.values === 'issued',
  );
}

/** The index says where to look; each record decides. */
async function holdersOf(digest: string, ports: Pick<Ports, 'inventory' | 'seals'>): Promise<Owned[]> {
  const fingerprint = await fingerprintOfDigest(digest, ports);
  const found: Owned[] = [];
  for (const tokenId of await ports.inventory.traced(fingerprint)) {
    const loaded = await ports.inventory.load(tokenId);
    if (isByHand(tokenId, loaded?.token)) found.push(await adminWith(tokenId, fingerprint, ports));
    else if (loaded) found.push(ownedBy(loaded.token, fingerprint));
  }
  return found;
}

/** An admin credential that is no token: the operators' own. */
async function adminWith(
  tokenId: string,
  fingerprint: string,
  ports: Pick<Ports, 'inventory'>,
): Promise<Owned> {
  const name = nameInTokenId(tokenId);
  const known = exposedIn((await ports.inventory.loadInstallationRecord()).installationRecord, name);
  return {
    tokenId,
    name,
    provider: adminSecretOf(name) ?? '',
    owner: 'operators',
    fingerprint,
    state: 'admin',
    isKnown: known.some((one) => one.fingerprint === fingerprint),
    isDetached: false,
  };
}

function ownedBy(token: Token, fingerprint: string): Owned {
  const { id: tokenId, name, provider, owner } = token;
  return {
    tokenId,
    name,
    provider,
    owner,
    fingerprint,
    state: stateOf(token, fingerprint),
    isKnown: isKnown(token, fingerprint),
    isDetached: token.detachedAt !== undefined,
  };
}

function stateOf(token: Token, fingerprint: string): Owned['state'] {
  const one = token.credentials.find((credential) => credential.fingerprint === fingerprint);
  // A tombstone is no proof that it is inactive: who has it may use it.
  if (one?.forgotten) return 'previous';
  return one?.state ?? (credentialWith(token, fingerprint) ? 'pending' : 'forgotten');
}

function isKnown(token: Token, fingerprint: string): boolean {
  return incidentsOf(token).some((incident) =>
    incident.exposed.some((exposed) => exposed.fingerprint === fingerprint),
  );
}

/**
 * A machine says that a credential is out: every token that has it is told, once. When many are said to be
 * out at once, nothing is done of itself any more: the incidents are put on record, and wait for a person.
 * Resolves to how many tokens it concerns.
 */
export async function reportLeak(report: LeakReport, limit: RateLimit, ports: LeakPorts): Promise<number> {
  const owned = (await holdersOf(report.digest, ports)).filter(
    (one) => one.state !== 'forgotten' && !one.isKnown,
  );
  const [first] = owned;
  if (!first) return 0;
  await tellOfDetached(
    owned.filter((one) => one.isDetached),
    report,
    ports,
  );
  const held = await isHeld(first.fingerprint, limit, ports);
  for (const one of owned.filter((one) => !one.isDetached))
    await ports.commands.send(one.provider, [commandFor(one, { report, held }, ports)]);
  return owned.length;
}

/** Of a token that was let go nothing can be done here, but the operators hear of it. */
async function tellOfDetached(owned: readonly Owned[], report: LeakReport, ports: LeakPorts): Promise<void> {
  for (const { name, provider, fingerprint } of owned)
    await changeInstallationRecord(ports, (installationRecord) => {
      const detail =
        `${report.source} reports a credential of ${name} (${provider}), which Keyturn does not manage ` +
        'any more: revoke it at the issuer by hand.';
      return noting(
        installationRecord,
        {
          kind: 'credential-leaked',
          subject: shortFingerprint(fingerprint, 16),
          severity: 'critical',
          detail,
        },
        { now: ports.now(), until: ports.now() + TOLD_FOR },
      );
    });
}

function commandFor(
  one: Owned,
  said: { report: LeakReport; held: boolean },
  ports: Pick<Ports, 'now'>,
): Command {
  const { source, exposedAt } = said.report;
  const now = ports.now();
  return {
    kind: 'compromise',
    tokenId: one.tokenId,
    fingerprint: one.fingerprint,
    source,
    reportedAt: now,
    notAfter: now + REPORT_LIFE,
    ...(exposedAt !== undefined && { exposedAt }),
    ...(said.held && { held: true }),
  };
}

async function isHeld(fingerprint: string, limit: RateLimit, ports: LeakPorts): Promise<boolean> {
  let held = false;
  await changeInstallationRecord(ports, (installationRecord) => {
    const now = ports.now();
    const count = counted(installationRecord.leaks ?? [], fingerprint, limit, now);
    held = count.held;
    const noted = { ...installationRecord, leaks: count.reports };
    return count.isFlood
      ? noting(
          noted,
          {
            kind: 'leak-reports-rate-limited',
            severity: 'critical',
            detail: floodDetail(count.reports, limit),
          },
          { now, until: now + limit.per },
        )
      : noted;
  });
  return held;
}

function floodDetail(reports: readonly Reported[], limit: RateLimit): string {
  return (
    `${reports.length} leaks were reported within ${formatDuration(limit.per)}; from the ` +
    `${limit.max + 1}th on nothing is done by itself. The findings "credential-leaked" of the tokens ` +
    'wait for a person.'
  );
}
