import type * as z from 'zod';
import type { Beside, CredentialState } from '../../core/issuer/provider.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { Instant } from '../../core/basics/time.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { HttpRequest } from '../request.ts';
import type { Paging } from './paging.ts';

type Query = Readonly<Record<string, string>>;

/** Headers as requests take them. */
export type Headers = Readonly<Record<string, string | Secret>>;

/**
 * What a call is about: the admin secret's own fields, the account, and the grant. In a former account the
 * grant is still the one of today.
 */
export interface At<A, P, G> {
  readonly admin: A;
  readonly place: P;
  readonly grant: G;
}

/** A credential as the schemas of a declaration read it from an answer. */
export interface Entry {
  /** The issuer's own name for it, not secret. */
  readonly id: string;
  readonly state: CredentialState;
  /** As the issuer writes it. */
  readonly name?: string | undefined;
  readonly createdAt?: Instant | undefined;
  readonly expiresAt?: Instant | undefined;
  readonly lastUsedAt?: Instant | undefined;
  /** As the issuer writes them. */
  readonly scopes?: readonly string[] | undefined;
  readonly onlyFrom?: readonly string[] | undefined;
  /** Whose it is, where lists show those of other accounts too. */
  readonly owner?: string | undefined;
  /** What the list shows of the value, where that helps to tell whose it is; goes no further. */
  readonly mask?: string | undefined;
  /** The value, where the list shows it and something is told or revoked by it; goes no further. */
  readonly value?: Secret | undefined;
}

/** What a new credential is asked to be. */
export interface Asked<A, P, G> extends At<A, P, G> {
  /** The marker, in the form in which the issuer keeps it. */
  readonly name: string;
  /** In canonical order; empty where grants name none. */
  readonly scopes: readonly string[];
  /** When it is to end, in steps of the issuer. Where expiry cannot be set, it is not looked at. */
  readonly expiresAt: Instant;
  /** The same as a length from now, in whole seconds. */
  readonly seconds: number;
}

/** A credential that a creation answered: `value` is missing where the answer held none. */
export interface Made {
  readonly id: string;
  readonly value?: Secret | undefined;
}

/**
 * The second request of a creation, whose first one made what a credential hangs on and has no value yet. It
 * is sent once. What it fails with is what the creation fails with: the name then finds what the first one
 * made, as any creation that was lost, so the issuer has to be one that keeps names.
 */
export interface ValueBy<A, P, G> {
  readonly path: (at: At<A, P, G>, id: string) => string;
  readonly body: (asked: Asked<A, P, G>, id: string) => HttpRequest['body'];
  /** Read leniently: an answer without a value is one of a credential that has none. */
  readonly value: z.ZodType<Secret | undefined>;
}

export interface Create<A, P, G> {
  readonly chooses?: never;
  readonly path: (at: At<A, P, G>) => string;
  readonly query?: (at: At<A, P, G>) => Readonly<Record<string, string>>;
  readonly body: (asked: Asked<A, P, G>) => HttpRequest['body'];
  /** Such as a content type other than JSON's. */
  readonly headers?: Headers;
  /** What must not be lost, read leniently: only an answer without an id fits no more. */
  readonly made: z.ZodType<Made>;
  /** The rest, as in lists. */
  readonly entry: z.ZodType<Entry>;
  /**
   * Whether the answer tells as much as the list does; `list`: expiry and time of creation are read from the
   * list afterwards.
   */
  readonly told: 'answer' | 'list';
  /** Where the value is asked for in a request of its own. */
  readonly valueBy?: ValueBy<A, P, G>;
  /**
   * What was made otherwise than asked beside name, scopes, expiry and state, in words that end a sentence.
   * `answer`: the one with the value.
   */
  readonly differs?: (answer: HttpAnswer, asked: Asked<A, P, G>) => string | undefined;
}

/**
 * A creation of a value that Keyturn chose and stored before. It is found again as `identify` by value says.
 */
export interface Install<A, P, G> {
  /** So many random bytes, as base64url; or a private key of RSA. `beside` is made of the value. */
  readonly chooses: { readonly bytes: number } | 'rsa-key';
  readonly beside?: (value: Secret) => Beside;
  readonly path: (at: At<A, P, G>) => string;
  readonly body: (value: Secret, at: At<A, P, G>) => HttpRequest['body'];
  /** As in lists; made of the value where the answer says that it is done, and shows nothing. */
  readonly entry: z.ZodType<Entry> | ((value: Secret) => z.ZodType<Entry>);
  /**
   * The status by which the issuer refuses one more, or any: its list tells which. `advice`: what to check
   * where there is room for one more; it ends a sentence.
   */
  readonly refused: { readonly status: number; readonly advice: string };
}

export interface List<A, P, G> {
  readonly path: (at: At<A, P, G>) => string;
  readonly query?: Query | ((at: At<A, P, G>) => Query);
  /** Such as one that asks for less than the issuer shows otherwise. */
  readonly headers?: Headers;
  /** Where the list is asked for by POST: what is sent, with what asks for the page. Repeated like a GET. */
  readonly body?: (at: At<A, P, G>, page: Query) => HttpRequest['body'];
  readonly answer: z.ZodType<readonly Entry[]>;
  /** Only what belongs to this owner is of the account; undefined: all is. */
  readonly owner?: (place: P) => string | undefined;
  /**
   * The id of the admin credential, where lists show it too: an answer without it is no list, and it is none
   * of the account's own. Undefined where it cannot be told.
   */
  readonly self?: (at: At<A, P, G>) => string | undefined;
  /** What a 404 says: there is no such account, as a sentence. Left out where it is not documented. */
  readonly noAccount?: (place: P) => string;
  readonly pages: Paging;
}
