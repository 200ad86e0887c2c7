import type { Secret } from '../basics/secret.ts';
import type { Replaced, Shown } from './answers.ts';
import type { CommonSession } from './common-session.ts';

/**
 * An issuer whose account accepts two values, and lists neither: the main one, and a second one that it makes
 * beside it. The handle of one is made from its value, and it is revoked by its value: with the end of the
 * main one the second takes its place.
 */
export interface PairedSession extends CommonSession {
  readonly kind: 'paired';
  /** What the issuer says of a value. Does not throw for an issuer that is down. */
  ask(value: Secret): Promise<Shown>;
  /**
   * Resolves to the call that makes a second value, once the issuer says that `main` is the main one: until
   * then nothing was sent that makes anything. The call is sent once; it throws as long as nothing is known
   * to have been made, and an answer without a value is `issuer-response-invalid`. Error:
   * `credential-limit-reached` where `main` is not the main one: a second one could end it.
   */
  prepare(main: Secret): Promise<() => Promise<Replaced>>;
  /**
   * Ends a value. Each call that ends something is sent once. Ending one that is gone already is a success.
   * Only the revocation guard may call this.
   */
  revoke(value: Secret): Promise<void>;
  /**
   * Ends a second value that nobody has, since its creation was never answered; `main` goes on. There is
   * nothing to end where `main` is the second one itself. Twice is once.
   */
  endLost(main: Secret): Promise<void>;
}
