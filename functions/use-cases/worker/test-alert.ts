import type { Command } from '../../core/commands/commands.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { INSTALLATION_RECORD_ID } from '../../core/inventory/installation.ts';
import { withTestAlert } from '../../core/inventory/test-alert.ts';
import { changeInstallationRecord, type InstallationRecordPorts } from '../inventory/installation.ts';

/**
 * A person tests alerts: a finding of the installation opens and goes the way of every other. No token is
 * read or changed. Errors: `bad-request` for a token.
 */
export async function testAlert(
  { tokenId, notAfter }: Extract<Command, { kind: 'test-alert' }>,
  by: string,
  ports: InstallationRecordPorts,
): Promise<void> {
  if (tokenId !== INSTALLATION_RECORD_ID)
    throw new KeyturnError('bad-request', 'A test of alerts is about the installation, not about a token.');
  await changeInstallationRecord(ports, (installationRecord) =>
    withTestAlert(installationRecord, { request: notAfter, at: ports.now(), by }),
  );
}
