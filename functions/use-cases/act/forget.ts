import type { Command } from '../../core/commands.ts';
import { withForgotten } from '../../core/forget.ts';
import type { Ports } from '../../core/ports.ts';
import { generationOf } from '../../core/token.ts';
import { permit } from '../permit.ts';
import { change, load, reasonOf } from '../store.ts';
import { unpin } from './context.ts';

/**
 * A person has Keyturn look after a credential no more. The permit is written before the record: what lets a claim go is not the record's own word.
 * Errors: `not-found`, `bad-request`.
 */
export async function forget(command: Extract<Command, { kind: 'forget' }>, by: string, ports: Ports): Promise<void> {
  const { tokenId, generationId, reason } = command;
  const wish = { generationId, by, reason, now: ports.now() };
  const known = await load(tokenId, ports);
  withForgotten(known.token, wish);
  await permit(tokenId, { kind: 'forget', about: generationId, at: wish.now, by }, ports);
  const { token } = await change(known, ports, (one) => withForgotten(one, wish));
  const left = generationOf(token, generationId);
  if (left?.versionId !== undefined && left.forgotten !== undefined) await unpin(token.secretArn, left.versionId, ports).catch((error: unknown) => ports.log.warn('the version of a forgotten credential stays pinned', { tokenId, reason: reasonOf(error) }));
}
