import type { Command } from '../core/commands/commands.ts';
import { KeyturnError } from '../core/basics/errors.ts';
import type { Log } from '../core/ports/log.ts';
import { Letter, admit, type Gatekeeper } from '../core/commands/senders.ts';
import { parseMessage } from './message.ts';
import type { QueuedMessage } from './sqs-batch.ts';

/**
 * The command in a message, and on whose word it is carried out; undefined for one without a known sender: it
 * is dropped, and the sweep asks again for what is still needed. Error: `bad-request` for what a function of
 * Keyturn never has to ask for: it ends in the dead-letter queue, whose alarm notifies people.
 */
export function admitted(
  { body, origin }: QueuedMessage,
  gatekeeper: Gatekeeper,
  log: Log,
): { readonly command: Command; readonly by: string } | undefined {
  const admission = admit(parseMessage(Letter, body, 'command'), origin, gatekeeper);
  if (admission.outcome === 'admitted') return admission;
  const { kind, sender, isKnown } = admission;
  if (isKnown)
    throw new KeyturnError(
      'bad-request',
      `The function ${sender} asked for "${kind}", which it never has to: see who else can use its role.`,
    );
  log.warn('a command of an unknown sender, or one that was moved back, was dropped', {
    kind,
    sender: origin.senderId,
    redriven: origin.isRedriven,
  });
  return undefined;
}
