import type * as z from 'zod';
import type { HttpRequest } from '../request.ts';
import type { At, Entry, Headers } from './calls.ts';

/** What a call is about that ends or switches a credential. */
export interface Own<A, P, G> extends At<A, P, G> {
  /** As the list shows it, where that is read before: always with `onlyOwn`. */
  readonly own: Entry | undefined;
}

/** A credential in the other of its two states. */
export type Wanted = 'active' | 'disabled';

/** Fields of a credential, as its issuer takes them back. */
export type Whole = Readonly<Record<string, unknown>>;

export interface DisableAndEnable<A, P, G> {
  readonly method: 'PATCH' | 'POST' | 'PUT';
  readonly path: (at: At<A, P, G>, id: string, wanted: Wanted) => string;
  /**
   * The issuer takes no change alone: what it shows of the credential at the same path is read before, and
   * sent back. Whatever the schema leaves out would be lost.
   */
  readonly whole?: z.ZodType<Whole>;
  /** `whole`: as it was read before; empty where nothing is. */
  readonly body?: (wanted: Wanted, whole: Whole, id: string, at: Own<A, P, G>) => HttpRequest['body'];
  /** Such as a content type other than JSON's. */
  readonly headers?: Headers;
  /**
   * The answer, which has to show this very credential as it is wanted; `done`: the answer that says that it
   * is done and shows nothing, so that the account's list has to show it as well.
   */
  readonly entry: z.ZodType<Entry> | { readonly done: { readonly status: number; readonly body: z.ZodType } };
  /** The issuer ends only what is disabled: a revocation disables what the list does not show as disabled. */
  readonly beforeRevoke?: true;
}

export interface Revoke<A, P, G> {
  readonly method: 'DELETE' | 'POST' | 'PUT';
  /** `named` is the id; with `byValue` it is the value. */
  readonly path: (at: At<A, P, G>, named: string) => string;
  readonly body?: (id: string, at: Own<A, P, G>) => HttpRequest['body'];
  /**
   * The issuer names what it ends by its value, which is read from the account's list. `called`: the path as
   * errors show it, without the value.
   */
  readonly byValue?: { readonly called: string };
  /**
   * The answer that says that it is done: its status and, where it has one, its form, which may name the id.
   * Any other one is looked up in the list.
   */
  readonly done: { readonly status: number; readonly body?: z.ZodType | ((id: string) => z.ZodType) };
  /** Statuses by which the issuer says that there is no such credential. */
  readonly gone: readonly number[];
  /** `list`: the issuer says that it is done whatever it was asked to end, so that only the list tells. */
  readonly proof: 'answer' | 'list';
  /** An id reaches credentials of other accounts too, so only one that this account's list shows is sent. */
  readonly onlyOwn?: true;
  /**
   * An id reaches credentials of other owners too, and the issuer shows whose it is: that is asked before,
   * and another's is refused. `path`: where it shows one; undefined where an id reaches no others.
   */
  readonly ownerOf?: {
    readonly path: (at: At<A, P, G>, id: string) => string | undefined;
    readonly entry: z.ZodType<Entry>;
  };
  /**
   * Nothing is sent while the account holds no credential at all. Source and reason stand in the declaration.
   */
  readonly onlyWhereListed?: true;
  /** The issuer does not let go of the last active one of an account: then nothing is sent. */
  readonly keepsLast?: true;
}
