import { acceptable, taught, withAccepted } from '../../core/detection/dismissed-findings.ts';
import type { Command } from '../../core/commands/commands.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { permitAnew } from '../revocation/permits.ts';
import { change, load, type StorePorts } from '../inventory/store.ts';

const TRIES = 5;

/**
 * A person says that what stands out is normal. The habits are taught first, then the findings are taken
 * back, so that a crash between them is mended when the request comes again; a request that finds nothing
 * left was carried out before.
 */
export async function accept(
  command: Extract<Command, { kind: 'accept' }>,
  by: string,
  ports: StorePorts,
): Promise<void> {
  const record = await load(command.tokenId, ports);
  const accepted = acceptable(record.token, command.subject);
  if (accepted.length === 0) return ports.log.info('nothing is left to accept', { tokenId: command.tokenId });
  await teach(command.tokenId, accepted, by, ports);
  const how = { by, at: ports.now(), request: `${command.notAfter}` };
  // What lets credentials be revoked stands where `worker` alone may write; a later word stands in the place
  // of an earlier one.
  const copies = accepted.filter((one) => one.kind === 'replica-out-of-sync');
  await permitAnew(
    command.tokenId,
    copies.map(({ subject }) => ({ kind: 'replica', about: subject, at: how.at, by: how.by })),
    ports,
  );
  await change(record, ports, (token) =>
    withAccepted(
      token,
      acceptable(token, command.subject).filter((one) =>
        accepted.some((same) => same.kind === one.kind && same.subject === one.subject),
      ),
      how,
    ),
  );
}

async function teach(
  tokenId: string,
  accepted: ReturnType<typeof acceptable>,
  by: string,
  ports: Pick<Ports, 'inventory'>,
): Promise<void> {
  for (let tried = 1; ; tried++) {
    const known = await ports.inventory.loadBaseline(tokenId);
    if (!known) return;
    try {
      await ports.inventory.saveBaseline(taught(known.baseline, accepted, by), known.revision);
      return;
    } catch (error) {
      if (!(error instanceof KeyturnError && error.code === 'conflict') || tried >= TRIES) throw error;
    }
  }
}
