import type { Evidence, Ground, PendingConsumer } from '../consumers/consumer-state.ts';
import type { Instant, Millis } from '../basics/time.ts';

/** One principal that reads the secret, as a trail of calls shows it. */
export interface Reader {
  /** The ARN of a role, a user or a session of a role. */
  readonly principal: string;
  /** The version it read last, where that is known. */
  readonly versionId?: string;
  readonly readAt: Instant;
  /** From where: a network, an address or a function. */
  readonly from?: string;
}

/**
 * What the issuer says of a credential's use, to the step `every`. One that its list leaves out it says
 * nothing of, unless it refused the value as well, again and again (`isRefused`).
 */
export type IssuerSigns =
  | {
      readonly every: Millis;
      readonly listed: true;
      readonly lastUsedAt: Instant | undefined;
      /** That use may be a question of Keyturn's own. */ readonly isOwn?: boolean;
    }
  | { readonly every: Millis; readonly listed: false; readonly isRefused: boolean };

/** What is known of an old credential's use. */
export interface Signs {
  /** What the issuer says: undefined when it does not tell the last use, or was not asked. */
  readonly issuer: IssuerSigns | undefined;
  /** Who read the secret, where a trail is watched. */
  readonly readers: readonly Reader[];
}

/**
 * Whether consumers have moved off an old credential: on what grounds, or who has not, and when to look
 * again.
 */
export type Judgement =
  | { readonly outcome: 'moved'; readonly evidence: Evidence }
  | {
      readonly outcome: 'waiting';
      readonly pendingConsumers: readonly PendingConsumer[];
      readonly lookAt: Instant;
    };

export type Verdict =
  | { readonly ground: Ground }
  | { readonly pendingConsumer: PendingConsumer; readonly lookAt: Instant };
