import type { Instant } from '../../../functions/core/basics/time.ts';

/** A credential as a simulated issuer keeps it. */
export interface Kept {
  readonly id: string;
  /** As in handles, such as `users/ann`. */
  readonly account: string;
  value: string;
  name: string;
  scopes: readonly string[];
  readonly createdAt: Instant;
  expiresAt: Instant | undefined;
  /** Switched off, which can be undone. */
  disabledAt: Instant | undefined;
  revokedAt: Instant | undefined;
  lastUsedAt: Instant | undefined;
}

/** Who sends a request. */
export type Caller =
  | { readonly kind: 'admin'; readonly value: string }
  | { readonly kind: 'credential'; readonly credential: Kept }
  /** It is known, and accepted for nothing. */
  | { readonly kind: 'disabled'; readonly credential: Kept }
  | { readonly kind: 'unauthenticated' };

/** A request, read. */
export interface Call {
  readonly method: string;
  readonly host: string;
  /** Without the host and its base. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** JSON or the fields of a form, or undefined where there is neither. */
  readonly body: unknown;
  readonly caller: Caller;
  readonly now: Instant;
  readonly store: Store;
}

export type New = Pick<Kept, 'name' | 'scopes' | 'expiresAt'>;

/** What a value may tell of its credential. */
export type Made = Pick<Kept, 'name' | 'createdAt' | 'expiresAt'>;

/** What the answers of a simulated issuer work with. */
export interface Store {
  /** Whether there is such an account. */
  has(account: string): boolean;
  /** What its lists show: those that are kept, revoked ones left out. */
  of(account: string): readonly Kept[];
  /** Who brings a value elsewhere than where `presented` looks. */
  caller(value: string): Caller;
  /** The same of all accounts that there are. */
  all(): readonly Kept[];
  add(account: string, one: New): Kept;
  revoke(credential: Kept): void;
  /** Switches it off, or on again. */
  disable(credential: Kept, isOff: boolean): void;
}

/**
 * What sets one issuer that makes credentials apart from others. Each rule has its source where it is
 * written.
 */
export interface MintingRules {
  readonly provider: string;
  readonly host: string;
  /** Where else it is, from its host, where not all of it is there. */
  readonly otherHosts?: (host: string) => readonly string[];
  /** The n-th account, from 1, as in handles. */
  account(index: number): string;
  /** The admin secret's fields beside `url` and `grants`, with its credential. */
  admin(value: string): Readonly<Record<string, unknown>>;
  /** A grant's fields beside `secret`, with the admin's credential where grants hold it. */
  grant(account: string, credential: string): Readonly<Record<string, unknown>>;
  id(number: number, random: (length: number) => string): string;
  /** `account` and `made` are left out for the admin's. */
  value(id: string, random: (length: number) => string, account?: string, made?: Made): string;
  /** The end of the handle, after the account. */
  handle(credential: Kept): string;
  /** Ids are given out again after a deletion. */
  readonly idsReturn?: true;
  /** The credential that a request brings; `body`: as {@link Call} has it. */
  presented(request: Request, body: unknown): string | undefined;
  /** The part of a value that requests bring, where it is not the whole. */
  sent?(value: string): string;
  /** What a person makes by hand; the n-th of all that is kept, where names have a form of their own. */
  readonly byHand: Pick<Kept, 'scopes'> & { readonly name?: (number: number) => string };
  /** The secret's text for a value that a person made. */
  stored(value: string): Readonly<Record<string, string>>;
  /** What a consumer sends: path and headers, and to which host and how where that is otherwise. */
  use(
    value: string,
    now: Instant,
  ): {
    readonly host?: string;
    readonly method?: 'POST';
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  };
  answer(call: Call): Response;
}
