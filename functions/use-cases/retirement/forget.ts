import type { Command } from '../../core/commands/commands.ts';
import { withForgotten } from '../../core/incidents/forget.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { credentialOf } from '../../core/token/lookups.ts';
import type { Credential } from '../../core/token/credential.ts';
import { permit } from '../revocation/permits.ts';
import { change, load, reasonOf } from '../inventory/store.ts';
import { unpin } from '../open-token/context.ts';
import { permitAbout } from '../revocation/grant-permit.ts';

/**
 * A person has Keyturn look after a credential no more. The permit is written before the record: what lets a claim go is not the record's own word.
 * Errors: `not-found`, `bad-request`.
 */
export async function forget(
  command: Extract<Command, { kind: 'forget' }>,
  by: string,
  ports: Ports,
): Promise<void> {
  const { tokenId, credentialId, reason } = command;
  const wish = { credentialId, by, reason, now: ports.now() };
  const known = await load(tokenId, ports);
  withForgotten(known.token, wish);
  const meant = credentialOf(known.token, credentialId);
  // Also of one that is forgotten already: the permit may have been lost since.
  if (meant && isLeft(meant))
    await permit(tokenId, [permitAbout(meant, 'forget', { at: wish.now, by })], ports);
  const { token } = await change(known, ports, (one) => withForgotten(one, wish));
  const left = credentialOf(token, credentialId);
  if (left?.versionId !== undefined && left.forgotten !== undefined)
    await unpin(token.secretArn, left.versionId, ports).catch((error: unknown) =>
      ports.log.warn('the version of a forgotten credential stays pinned', {
        tokenId,
        reason: reasonOf(error),
      }),
    );
}

/** Not proven dead. */
function isLeft(one: Credential): boolean {
  return one.state !== 'ended' || one.forgotten !== undefined;
}
