import type { Command } from '../../core/commands/commands.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { notTakenBack } from '../../core/incidents/enabling.ts';
import { recalled } from '../../core/incidents/forget.ts';
import { allExposed, answered, credentialWith, withReport } from '../../core/incidents/incidents.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Exposed } from '../../core/token/incident.ts';
import type { Token } from '../../core/token/token.ts';
import { exposeAdmin, isByHand } from './leaked-admin-credentials.ts';
import { permit } from '../revocation/permits.ts';
import { change } from '../inventory/store.ts';
import { respond } from './respond.ts';
import { permitAbout } from '../revocation/grant-permit.ts';

/**
 * Somebody says that a credential is out. It is put on record first, from where the sweep goes on should this
 * run be cut off.
 */
export async function compromise(
  command: Extract<Command, { kind: 'compromise' }>,
  by: string,
  ports: Ports,
): Promise<void> {
  const loaded = await ports.inventory.load(command.tokenId);
  if (isByHand(command.tokenId, loaded?.token)) return exposeAdmin(command, ports);
  if (loaded && command.held !== true) await permitIncident(loaded.token, command, by, ports);
  const { token } = await change(command.tokenId, ports, (token) =>
    reported(token, command, { by, now: ports.now() }),
  );
  if (answered(token).length > 0) await respond(token.id, by, ports);
}

/**
 * Written down before the record says so: the record alone lets nothing end. What is held back permits
 * nothing until a person says so.
 */
async function permitIncident(
  token: Token,
  command: Extract<Command, { kind: 'compromise' }>,
  by: string,
  ports: Ports,
): Promise<void> {
  requireManaged(token);
  const said = { at: ports.now(), by };
  await permit(
    token.id,
    notTakenBack(token, exposedOf(token, command.fingerprint), Math.min(command.reportedAt, said.at)).map(
      (one) => permitAbout(one, 'incident', said),
    ),
    ports,
  );
}

function requireManaged(token: Token): void {
  if (token.detachedAt !== undefined)
    throw new KeyturnError(
      'bad-request',
      `${token.name} is detached: Keyturn does nothing with it; revoke its credentials at the issuer ` +
        'by hand.',
    );
}

function reported(
  token: Token,
  command: Extract<Command, { kind: 'compromise' }>,
  seen: { by: string; now: number },
): Token {
  requireManaged(token);
  const { source, exposedAt, held } = command;
  // The clock of whoever reports may be ahead of ours.
  const reportedAt = Math.min(command.reportedAt, seen.now);
  const known = recalled(token, command.fingerprint, seen.now);
  return withReport(
    known,
    {
      exposed: notTakenBack(known, exposedOf(known, command.fingerprint), reportedAt),
      source,
      exposedAt,
      reportedAt,
      held: held === true,
    },
    seen.by,
  );
}

function exposedOf(token: Token, fingerprint: string | undefined): Exposed[] {
  const named =
    fingerprint === undefined
      ? allExposed(token)
      : [credentialWith(token, fingerprint)].filter((one) => one !== undefined);
  if (named.length > 0) return named;
  throw new KeyturnError(
    'not-found',
    fingerprint === undefined
      ? `${token.name} has no active credential.`
      : `${token.name} has no credential with this fingerprint on record.`,
  );
}
