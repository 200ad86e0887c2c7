import type { Command } from '../../core/commands/commands.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import type { ExposedAdmin } from '../../core/inventory/installation.ts';
import {
  exposedIn,
  withExposed,
  withFate,
  type Fate,
} from '../../core/inventory/leaked-admin-credentials.ts';
import { adminSecretOf, nameInTokenId } from '../../core/basics/names.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Token } from '../../core/token/token.ts';
import { changeInstallationRecord, type InstallationRecordPorts } from '../inventory/installation.ts';
import { fingerprintOf } from '../rotation/provenance.ts';

export type ExposurePorts = InstallationRecordPorts & Pick<Ports, 'issuers' | 'seals'>;

/**
 * Whether an admin secret is one that only people look after: it is no token, or one that cannot be managed
 * as it is.
 */
export function isByHand(tokenId: string, token: Token | undefined): boolean {
  return (
    adminSecretOf(tokenId) !== undefined &&
    (token === undefined || token.detachedAt !== undefined || token.unusable !== undefined)
  );
}

/**
 * Knows the credentials in an admin secret by their fingerprints from now on, and sees what became of those
 * that are out. Errors: those that pass by themselves.
 */
export async function watchExposure(tokenId: string, ports: ExposurePorts): Promise<void> {
  const name = nameInTokenId(tokenId);
  const current = await fingerprintsIn(name, 'AWSCURRENT', ports);
  for (const fingerprint of current)
    if (!(await ports.inventory.traced(fingerprint)).includes(tokenId))
      await ports.inventory.trace(fingerprint, tokenId);
  const { installationRecord } = await ports.inventory.loadInstallationRecord();
  for (const one of exposedIn(installationRecord, name)) {
    const fate = current.includes(one.fingerprint) ? 'in-use' : await fateOf(one, ports);
    await changeInstallationRecord(ports, (same) => withFate(same, one, fate, ports.now()));
  }
}

/** The version before holds what was replaced last. */
async function fateOf({ name, provider, fingerprint }: ExposedAdmin, ports: ExposurePorts): Promise<Fate> {
  const before = await fingerprintsIn(name, 'AWSPREVIOUS', ports);
  return before.includes(fingerprint)
    ? (await ports.issuers.examine(provider, name, 'AWSPREVIOUS')).outcome
    : 'lost';
}

/** None where the secret has no such version, or cannot be read as it is: that has a finding of its own. */
async function fingerprintsIn(
  name: string,
  label: 'AWSCURRENT' | 'AWSPREVIOUS',
  ports: ExposurePorts,
): Promise<string[]> {
  try {
    const values = await ports.issuers.adminValues(adminSecretOf(name) ?? '', name, label);
    return await Promise.all(values.map((value) => fingerprintOf(value, ports)));
  } catch (error) {
    if (error instanceof KeyturnError && !error.rule.retry) return [];
    throw error;
  }
}

/**
 * Somebody says that an admin credential is out which only a person can replace. Until then it is reported;
 * once it is replaced, every token that it could make is replaced too. Errors: `not-found` for a fingerprint
 * that this secret never had.
 */
export async function exposeAdmin(
  command: Extract<Command, { kind: 'compromise' }>,
  ports: ExposurePorts,
): Promise<void> {
  const { tokenId, fingerprint, source, exposedAt } = command;
  const name = nameInTokenId(tokenId);
  if (fingerprint === undefined || !(await ports.inventory.traced(fingerprint)).includes(tokenId))
    throw new KeyturnError('not-found', `${name} never held a credential with this fingerprint.`);
  const reportedAt = Math.min(command.reportedAt, ports.now());
  await changeInstallationRecord(ports, (installationRecord) =>
    withExposed(installationRecord, {
      name,
      provider: adminSecretOf(name) ?? '',
      fingerprint,
      source,
      reportedAt,
      ...(exposedAt !== undefined && { exposedAt }),
    }),
  );
  await watchExposure(tokenId, ports);
}
