import { it } from 'node:test';
import { isItsTurn } from '../extent.ts';

/**
 * `it` for tests that are the same for every issuer. `npm test` runs each of them at a third of the issuers,
 * the long tests at all; so does a file that is named.
 */
export function inTurnAt(issuer: string): (name: string, run: () => Promise<void> | void) => void {
  return (name, run) => {
    if (isItsTurn(name, issuer)) void it(name, run);
  };
}
