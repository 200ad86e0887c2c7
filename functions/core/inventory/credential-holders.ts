/** Which tokens hold which credential, over the whole inventory. */
import { knownHandles, liveCredentials } from '../token/known-credentials.ts';
import type { Token } from '../token/token.ts';

/** Which token holds which credential, over the whole inventory. */
export interface Holdings {
  /** By handle, with its provider, and by fingerprint: the names of the tokens. */
  readonly holders: ReadonlyMap<string, readonly string[]>;
  readonly handles: ReadonlySet<string>;
}

/** The keys under which two tokens that hold one credential meet. */
export function credentialKeys(token: Token): string[] {
  const live = liveCredentials(token);
  const handles = live.flatMap((one) =>
    one.handle === undefined ? [] : [`handle ${token.provider} ${one.handle}`],
  );
  return [
    ...new Set([
      ...handles,
      ...live.flatMap((one) => (one.fingerprint === undefined ? [] : [`fingerprint ${one.fingerprint}`])),
    ]),
  ];
}

/** Every handle that a token knows, with its issuer. */
export function handleKeys(token: Token): string[] {
  return [...knownHandles(token)].map((handle) => `${token.provider} ${handle}`);
}
