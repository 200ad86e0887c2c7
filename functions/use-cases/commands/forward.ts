import type { Command } from '../../core/commands/commands.ts';
import { INSTALLATION_RECORD_ID } from '../../core/inventory/installation.ts';
import { adminSecretOf, nameInTokenId } from '../../core/basics/names.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { mayAsk, type ForwardQueue, type Origin } from '../../core/commands/senders.ts';

export interface ForwardPorts extends Pick<Ports, 'log' | 'now'> {
  readonly inventory: Pick<Ports['inventory'], 'load'>;
  readonly forwards: ForwardQueue;
  /** Ids of the providers that are deployed. */
  readonly providers: readonly string[];
}

/**
 * Hands a person's command on to the worker function of the token's provider, with who asked. The record says
 * which provider that is, by the token's exact id; what it does not say is not guessed. What may not be
 * asked, or is about nothing, is dropped: repeating it would not help. Resolves to whether it was handed on.
 * Errors: those of sending and reading.
 */
export async function forward(
  command: Command,
  origin: Pick<Origin, 'senderId' | 'isRedriven'>,
  ports: ForwardPorts,
): Promise<boolean> {
  const fault = mayAsk(command, origin) ? await faultOf(command, ports) : 'it may not be asked for this way';
  if (typeof fault !== 'string') {
    await ports.forwards.send(fault.provider, { command, requestedBy: origin.senderId });
    return true;
  }
  ports.log.warn('a request was dropped', {
    kind: command.kind,
    tokenId: command.tokenId,
    by: origin.senderId,
    why: fault,
  });
  return false;
}

async function faultOf(
  command: Command,
  ports: ForwardPorts,
): Promise<string | { readonly provider: string }> {
  if (command.notAfter < ports.now()) return 'it came too late';
  const provider = await providerOf(command, ports);
  if (provider === undefined) return 'there is no such token';
  return ports.providers.includes(provider) ? { provider } : 'its provider is not deployed';
}

async function providerOf(
  command: Command,
  { inventory, providers }: ForwardPorts,
): Promise<string | undefined> {
  const { kind, tokenId } = command;
  if (kind === 'confirm-host') return tokenId === INSTALLATION_RECORD_ID ? command.provider : undefined;
  // Any worker function may write the record of the installation.
  if (tokenId === INSTALLATION_RECORD_ID)
    return kind === 'acknowledge' || kind === 'test-alert' ? providers[0] : undefined;
  if (kind === 'test-alert') return undefined;
  const loaded = await inventory.load(tokenId);
  // An admin secret that is no token has no record; that it is out can be reported all the same.
  if (loaded) return loaded.token.provider;
  // A look at a secret that was just registered: whoever the command names, its worker function reads the
  // tags itself.
  if (kind === 'inspect') return command.provider;
  return kind === 'compromise' ? adminSecretOf(nameInTokenId(tokenId)) : undefined;
}
