import type { Instant, Millis } from '../../../functions/core/basics/time.ts';
import type { Aws } from '../aws/aws.ts';
import type { Invocation } from '../aws/types.ts';
import type { Clock } from '../clock.ts';
import type { Destination } from '../destinations/index.ts';
import type { IssuerFaults } from '../issuers/faults.ts';
import type { Issuer } from '../issuers/simulator.ts';
import type { Mail, PagerEvent } from './outbox.ts';
import type { Credentials } from './principals.ts';

/** How an SDK client of an operator reaches the sandbox. */
export interface Access {
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
  readonly credentials: Credentials;
}

/** One run of a function. */
export interface FunctionRun {
  readonly name: string;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  /** Why it failed, as Lambda says it; undefined when it did not. */
  readonly error: string | undefined;
}

/** The synthesised template, running on this machine. */
export interface Sandbox {
  readonly folder: string;
  readonly endpoint: string;
  /** Keyturn's installation id in it. */
  readonly installation: string;
  readonly aws: Aws;
  /** Time moves only through {@link Sandbox.advance} and {@link Sandbox.follow}. */
  readonly clock: Clock;
  readonly issuers: readonly Issuer[];
  /** What was made of them for a while: outages, limits. */
  readonly faults: IssuerFaults;
  /** Where new values can be brought to: those of the kinds in the settings. */
  readonly destinations: readonly Destination[];
  /** The stack's outputs, by their names in the template without hash. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Names of the deployed functions. */
  readonly functions: readonly string[];
  /** Every run of a function, in the order they ended. */
  readonly runs: readonly FunctionRun[];
  /** What e-mail subscriptions received; each is also a file in `folder/mail`. */
  readonly mails: readonly Mail[];
  /** What PagerDuty's simulated events API received. */
  readonly pages: readonly PagerEvent[];
  /**
   * Access as a person with the stack's operator policy, who may also make, tag and write secrets of the
   * installation.
   */
  operate(): Access;
  /** Access as a consumer, who may read the values of tokens and nothing else. */
  read(): Access;
  /**
   * Grants secrets a credential of their own at a provider's issuer, beside those granted before: writes the
   * admin secret.
   */
  grant(provider: string, secretNames: readonly string[]): Promise<void>;
  /** Runs a function by name, as its account's root would. */
  invoke(functionName: string, payload: unknown): Promise<Invocation>;
  /**
   * Kills every run of a function that is under way, in the middle of whatever it does, as when Lambda loses
   * a machine: for faults.
   * What it sent before stays done. Returns how many runs were killed.
   */
  kill(functionName: string): number;
  /** Moves time on, through everything that happens on the way. Calls queue up. */
  advance(by: Millis): Promise<void>;
  /**
   * Lets time flow: `speed` virtual milliseconds for each real one, or as fast as things happen. Returns a
   * function that stops it.
   */
  follow(speed: number | 'fast'): () => Promise<void>;
  /** Waits until nothing runs. */
  rest(): Promise<void>;
  /** Stops everything: no thread, port or timer stays. The folder stays unless it was to be removed. */
  close(): Promise<void>;
}
