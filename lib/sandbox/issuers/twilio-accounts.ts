import type { Instant } from '../../../functions/core/basics/time.ts';

/** What a creation does where there is a secondary token: Twilio documents neither. */
export type WhenTaken = 'replaces' | 'refuses';

export interface AuthToken {
  readonly value: string;
  readonly createdAt: Instant;
  endedAt: Instant | undefined;
}

/** A main account of a Twilio: its primary auth token, and a secondary one beside it. */
export class TwilioAccount {
  readonly sid: string;
  /** SID and secret of its main API key. */
  readonly key: string;
  /** All that there ever were. */
  readonly tokens: AuthToken[] = [];
  primary: AuthToken;
  secondary: AuthToken | undefined;
  /** A person has put the primary one into a secret. */
  isHanded = false;
  readonly #token: () => AuthToken;

  constructor(sid: string, key: string, token: () => AuthToken) {
    this.sid = sid;
    this.key = key;
    this.#token = token;
    this.primary = this.#made();
  }

  /** Makes a secondary one, in the place of the one that there is. */
  makeSecondary(now: Instant): AuthToken {
    this.endSecondary(now);
    this.secondary = this.#made();
    return this.secondary;
  }

  /** The secondary one takes the place of the primary one, which ends. */
  promote(now: Instant): void {
    const next = this.secondary ?? this.makeSecondary(now);
    this.primary.endedAt = now;
    this.primary = next;
    this.secondary = undefined;
  }

  endSecondary(now: Instant): void {
    if (this.secondary) this.secondary.endedAt = now;
    this.secondary = undefined;
  }

  #made(): AuthToken {
    const made = this.#token();
    this.tokens.push(made);
    return made;
  }
}
