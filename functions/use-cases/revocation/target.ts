import type { ValuePlace } from '../../core/secret-text/value-place.ts';
import type { Session } from '../../core/issuer/provider.ts';
import type { Permits } from '../../core/revocation/permits.ts';
import type { Credential } from '../../core/token/credential.ts';
import type { Token } from '../../core/token/token.ts';

/** What the guard decided. A refusal says in one sentence what stands against it. */
export type Verdict = { readonly revoked: true; readonly looked?: LastLook } | Refusal;

export interface Refusal {
  readonly revoked: false;
  readonly reason: string;
  /** The record, or what the guard read, is behind: to be asked again soon, and no news for anybody. */
  readonly stale: boolean;
  /** The claim has to be given back: another act needs the credential. */
  readonly giveBack?: boolean;
  /** What its claim rests on is not so: it was not due, and is judged as if it had never been claimed. */
  readonly isUndue?: boolean;
  /** The credential is certainly gone: its handle belongs to another one by now. */
  readonly isGone?: boolean;
  /** Nothing stands against it, and only a person can do it: they are asked to. */
  readonly byPerson?: boolean;
  readonly looked?: LastLook;
}

/** What came of disabling a credential: it is, or the guard refused it, or nothing shows that it is. */
export type Disabling =
  | { readonly outcome: 'disabled'; readonly looked?: LastLook }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }
  | { readonly outcome: 'failed'; readonly reason: string };

/** What the issuer said of the value that AWSCURRENT names, and when. */
export interface LastLook {
  readonly at: number;
  readonly outcome: 'active' | 'inactive' | 'unknown';
}

/** A credential that is to be revoked, as its record has it. */
export type Target = Credential & { readonly handle: string };

/** What the guard works with. */
export interface Case {
  readonly token: Token;
  readonly target: Target;
  /** What the worker functions wrote down that may end of the token. The record alone lets nothing end. */
  readonly permits: Permits;
  readonly session: Session;
  readonly place: ValuePlace;
}

export function refused(reason: string, more: Omit<Partial<Refusal>, 'revoked' | 'reason'> = {}): Refusal {
  return { revoked: false, reason, stale: false, ...more };
}

/** The record, or the secret, has moved on since the decision was made. */
export function behind(reason: string): Refusal {
  return refused(reason, { stale: true });
}
