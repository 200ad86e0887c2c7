import { assertHostAllowed } from '../providers/hosts.ts';

/** A fetch that reaches the operator's hosts only. */
export function guardedFetch(
  allowed: readonly string[],
  send: (request: Request) => Promise<Response> = fetch,
): (request: Request) => Promise<Response> {
  return async (request) => {
    assertHostAllowed(new URL(request.url).host, allowed);
    return send(request);
  };
}
