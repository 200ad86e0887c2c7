import type { Command } from '../../core/commands.ts';
import { withForgotten } from '../../core/forget.ts';
import type { Ports } from '../../core/ports.ts';
import { generationOf, type Generation } from '../../core/token.ts';
import { permit } from '../permits.ts';
import { change, load, reasonOf } from '../store.ts';
import { unpin } from './context.ts';
import { permitAbout } from './vouch.ts';

/**
 * A person has Keyturn look after a credential no more. The permit is written before the record: what lets a claim go is not the record's own word.
 * Errors: `not-found`, `bad-request`.
 */
export async function forget(
  command: Extract<Command, { kind: 'forget' }>,
  by: string,
  ports: Ports,
): Promise<void> {
  const { tokenId, generationId, reason } = command;
  const wish = { generationId, by, reason, now: ports.now() };
  const known = await load(tokenId, ports);
  withForgotten(known.token, wish);
  const meant = generationOf(known.token, generationId);
  // Also of one that is forgotten already: the permit may have been lost since.
  if (meant && isLeft(meant))
    await permit(tokenId, [permitAbout(meant, 'forget', { at: wish.now, by })], ports);
  const { token } = await change(known, ports, (one) => withForgotten(one, wish));
  const left = generationOf(token, generationId);
  if (left?.versionId !== undefined && left.forgotten !== undefined)
    await unpin(token.secretArn, left.versionId, ports).catch((error: unknown) =>
      ports.log.warn('the version of a forgotten credential stays pinned', {
        tokenId,
        reason: reasonOf(error),
      }),
    );
}

/** Not proven dead. */
function isLeft(one: Generation): boolean {
  return one.state !== 'dead' || one.forgotten !== undefined;
}
