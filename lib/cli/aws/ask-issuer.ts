import { setTimeout } from 'node:timers/promises';
import type { CliPorts } from '../command-line/command.ts';

/** How a request reaches an issuer from here. */
export type Send = (request: Request) => Promise<Response>;

/**
 * Asks issuers directly: the operator's credentials for AWS are all that the command has beside the value.
 */
export function askingIssuers(send: Send): CliPorts['askIssuer'] {
  return async (provider, value, account) => {
    const { ASKERS } = await import('../../../functions/providers/askers.ts');
    const ask = ASKERS.get(provider);
    const tools = {
      fetch: send,
      now: () => Date.now(),
      sleep: async (length: number) => setTimeout(length),
      uuid: () => crypto.randomUUID(),
    };
    return ask
      ? ask(value, tools, account)
      : { outcome: 'unknown', reason: `This version cannot ask ${provider} about a value.` };
  };
}

/** The same at the issuers of a sandbox: nothing leaves it. */
export function sendToSandbox(endpoint: string, send: Send): Send {
  return (request) => {
    const { host, pathname, search } = new URL(request.url);
    return send(new Request(new URL(`/_keyturn/issuers/${host}${pathname}${search}`, endpoint), request));
  };
}
