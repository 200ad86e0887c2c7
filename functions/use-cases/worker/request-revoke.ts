import type { Command } from '../../core/commands/commands.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { credentialOf } from '../../core/token/lookups.ts';
import type { Token } from '../../core/token/token.ts';
import { telling } from '../../core/token/telling.ts';
import { withCredential } from '../../core/token/transitions.ts';
import { change, load } from '../inventory/store.ts';
import { registeredWork } from '../open-token/open-token.ts';
import { permitAbout } from '../revocation/grant-permit.ts';
import { permit } from '../revocation/permits.ts';
import { retire } from '../revocation/retire-credential.ts';
import { requestRotation } from './request-rotation.ts';

/**
 * A person wants a credential revoked. The current one is replaced first; it is then revoked without grace.
 */
export async function requestRevoke(
  command: Extract<Command, { kind: 'revoke' }>,
  by: string,
  ports: Ports,
): Promise<void> {
  await permitRevoke(command, by, ports);
  const { token: saved } = await change(command.tokenId, ports, (token) =>
    withoutGrace(token, command.credentialId, { now: ports.now(), by }),
  );
  const state = credentialOf(saved, command.credentialId)?.state;
  if (state === 'current') return requestRotation(command, by, ports);
  if (state === 'previous' || state === 'revoking')
    return retire(await registeredWork(command.tokenId, by, ports), command.credentialId, ports);
}

/** Written down before the record says so: the record alone lets nothing end. */
async function permitRevoke(
  { tokenId, credentialId }: Extract<Command, { kind: 'revoke' }>,
  by: string,
  ports: Ports,
): Promise<void> {
  const one = credentialOf((await load(tokenId, ports)).token, credentialId);
  if (one && one.state !== 'ended')
    await permit(tokenId, [permitAbout(one, 'revoke', { at: ports.now(), by })], ports);
}

function withoutGrace(token: Token, id: string, seen: { now: number; by: string }): Token {
  const one = credentialOf(token, id);
  if (!one)
    throw new KeyturnError(
      'not-found',
      `${token.name} has no credential ${id} on record: \`keyturn show\` lists them.`,
    );
  if (one.askedBy !== undefined || one.state === 'ended') return token;
  const marked = withCredential(token, id, (same) => ({
    ...same,
    withoutGrace: true,
    askedBy: seen.by,
    reason: `${seen.by} asked for it`,
    lookAt: undefined,
  }));
  return telling(marked, {
    what: 'requested',
    about: `revoke/${id}/${seen.now}`,
    detail: `revoke of ${one.handle ?? id}`,
    by: seen.by,
    at: seen.now,
  });
}
