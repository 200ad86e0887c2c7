import { KeyturnError } from '../basics/errors.ts';

/**
 * Why a value may end with the creation of the next one. `policy`: its owner said so, in the policy.
 * `exposed`: it leaked. `unfinished`: a creation of Keyturn's has ended it already, and left nothing to use.
 */
export type ReplaceReason = 'policy' | 'exposed' | 'unfinished';

/**
 * Permission to end what the one slot of an account holds, by creating its next value: without one, no
 * session makes anything there. Only the revocation guard makes them; a test reads the code for that.
 */
export class ReplacePermit {
  readonly #account: string;
  readonly reason: ReplaceReason;

  /** `account`: as the session has it, host included. */
  constructor(account: string, reason: ReplaceReason) {
    this.#account = account;
    this.reason = reason;
  }

  /** Error: `bad-request` for another account than the one it is about. */
  requireFor(account: string): void {
    if (account !== this.#account)
      throw new KeyturnError('bad-request', `Nothing permits to end what ${account} holds.`);
  }
}
