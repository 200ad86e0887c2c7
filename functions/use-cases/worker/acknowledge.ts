import type { Command } from '../../core/commands/commands.ts';
import { acknowledged } from '../../core/findings/finding-lifecycle.ts';
import { INSTALLATION_RECORD_ID, aboutInstallationRecord } from '../../core/inventory/installation.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { changeInstallationRecord } from '../inventory/installation.ts';
import { change } from '../inventory/store.ts';

/** A person has taken on what is open: reminders stop, and the others hear of it. */
export async function takeOn(
  { tokenId, finding }: Extract<Command, { kind: 'acknowledge' }>,
  by: string,
  ports: Ports,
): Promise<void> {
  const seen = { by, now: ports.now() };
  if (tokenId !== INSTALLATION_RECORD_ID)
    return void (await change(tokenId, ports, (token) => acknowledged(token, token, finding, seen)));
  await changeInstallationRecord(ports, (installationRecord) =>
    acknowledged(installationRecord, aboutInstallationRecord(ports.installation.name), finding, seen),
  );
}
