import type * as z from 'zod';
import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import type { Beside, ProviderTools } from '../../core/issuer/provider.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { Instant, Millis } from '../../core/basics/time.ts';
import type { Dialect } from '../dialect.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { HttpRequest } from '../request.ts';
import type { SafeReason } from '../safe-reasons.ts';
import type { Verdict } from '../verdicts.ts';
import type { Headers, At, Create, Install, List } from './calls.ts';
import type { DisableAndEnable, Revoke } from './ending.ts';
import type { Identify } from './identify.ts';
import type { Proving } from './proving.ts';

/** How the issuer is asked about a value: with the value alone. */
export interface Check<A, P, G> {
  readonly method?: 'GET' | 'POST';
  /** What a value says of itself without being secret, such as an id, may stand in it. */
  readonly path: (at: At<A, P, G>, value: Secret) => string;
  readonly query?: HttpRequest['query'] | ((at: At<A, P, G>) => HttpRequest['query']);
  readonly headers: (value: Secret, at: At<A, P, G>, around: Around) => Headers;
  readonly body?: (value: Secret, at: At<A, P, G>, around: Around, beside: Beside) => HttpRequest['body'];
  readonly proves?: Proving;
  /** Every answer that says something, as narrow as the issuer documents it. */
  readonly verdicts: (at: At<A, P, G>, value: Secret) => readonly Verdict[];
}

/** Where and when a request is sent, for what is signed; and the address in the admin secret. */
export interface Around {
  readonly origin: string;
  /** An id that nothing else has, such as that of a JWT. */
  readonly uuid: () => string;
  readonly url: string;
  readonly now: Instant;
}

/**
 * How the admin credential is put on a request: at once; after a login that is made once for each session; or
 * as a signature over the request, by `sign` of the declaration. Before the first signed request of a session
 * the issuer says whose the credential is: `whose` is asked with it, and `own` fits its answer for the
 * account of the grant alone. `another`: why nothing else is sent, in a sentence.
 */
export type Admission<A, P, G> =
  | ((at: At<A, P, G>, around: Around) => Headers)
  | {
      readonly login: (at: At<A, P, G>, around: Around) => HttpRequest;
      readonly token: z.ZodType<Secret>;
      readonly headers: (token: Secret) => Headers;
    }
  | {
      readonly signsWith: (admin: A) => Secret;
      readonly whose: HttpRequest;
      readonly own: (place: P) => z.ZodType;
      readonly another: (place: P) => string;
    };

/** One question about the admin credential. */
export interface Examination {
  readonly request: HttpRequest;
  readonly verdicts: readonly Verdict[];
  /** The credential that signs it, where requests are signed. */
  readonly signsWith?: Secret;
}

/** The field of a grant that is wrong, and what is wrong with it, in words that follow its name. */
export interface GrantFault {
  readonly field: string;
  readonly problem: string;
}

/** An account that serves one secret alone: the field that names it, and what it is called. */
export interface Alone {
  readonly field: string;
  readonly kind: string;
}

/**
 * An issuer that makes credentials, as data: constants, small pure functions and schemas. {@link declared}
 * makes a provider of it, and keeps all that is the same for every issuer: see there.
 */
export interface Declaration<A, P, G> {
  readonly descriptor: ProviderDescriptor;
  /** The admin secret's fields beside `url` and `grants`. Strict. */
  readonly admin: z.ZodType<A>;
  /** The fields of a grant that name its account: what `formerly` lists. Strict. */
  readonly place: z.ZodType<P>;
  /**
   * The fields of a grant beside those, `secret`, `formerly` and, where expiry can be set, `maxDays`. Strict.
   */
  readonly grant: z.ZodType<G>;
  /** The most days that a grant may name, where that is more than most instances of the issuer allow. */
  readonly mostDays?: number;
  /** What is wrong with a grant whose fields are right by themselves. */
  readonly fault?: (grant: P & G) => GrantFault | undefined;
  /** Where an account serves one secret alone. */
  readonly alone?: Alone;
  /** A path that the issuer has from its root and people paste into `url`, such as `/api/v4`. */
  readonly apiPath?: string;
  /** The account from the issuer's root, such as `projects/42`: recorded with each credential. */
  readonly account: (place: P) => string;
  /** The issuer is at the root of its host: an address with a path is refused. */
  readonly atOrigin?: true;
  /**
   * The client that values of an account are sent with; it stands beside each as `client_id`, which is a
   * companion of the descriptor.
   */
  readonly clientId?: (place: P) => string;
  /** What stands between account and id in a handle, such as `tokens/`. */
  readonly handlePrefix?: string;
  /** The whole of an id. Nothing else is sent back to the issuer. */
  readonly id: RegExp;
  /** The issuer gives ids out again after a deletion: then the time of creation is part of the handle. */
  readonly idsReturn?: true;
  /**
   * The shortest life of a credential that the issuer can still end: none is asked for that lives less.
   * `why`: ends a sentence.
   */
  readonly shortest?: { readonly life: Millis; readonly why: string };
  /** What a new credential may do, as the grant says it. */
  readonly scopes?: (grant: G) => readonly string[];
  /** The grant's word for what the issuer writes for a scope, where they differ. */
  readonly scopeWord?: (scope: string) => string;
  /** The marker in the issuer's form, and back: the engine compares names word for word. */
  readonly names?: { readonly of: (marker: string) => string; readonly back: (name: string) => string };
  readonly dialect?: Dialect;
  /** What the text of an answer says, where that is no JSON; undefined for what says nothing. */
  readonly parse?: (text: string) => unknown;
  /** What errors call a request, where its path does not tell what it asks for. */
  readonly called?: (request: HttpRequest) => string;
  /**
   * The origin at which values are checked, admins log in and whose they are is asked, made from the address
   * in the admin secret and the account (none where that secret is examined). It has to be trusted by itself.
   */
  readonly asksAt?: (url: string, place?: P) => string;
  /** The headers that sign a request with a credential, which is not sent itself. */
  readonly sign?: (request: HttpRequest, credential: Secret, around: Around) => Promise<Headers>;
  /** The issuer's own sentences that people may read. */
  readonly safe?: readonly SafeReason[];
  readonly as: Admission<A, P, G>;
  /** How it makes a credential, or takes a value that Keyturn chose. */
  readonly create: Create<A, P, G> | Install<A, P, G>;
  readonly list: List<A, P, G>;
  readonly revoke: Revoke<A, P, G>;
  /** Where a credential can be disabled, and enabled again as it was. */
  readonly toggle?: DisableAndEnable<A, P, G>;
  /**
   * `by-list`: nothing may be asked about a value, so what the list shows of it is all that is known. Then
   * `identify` is by the list, or by the value that it shows.
   */
  readonly check: Check<A, P, G> | 'by-list';
  readonly identify: Identify<P>;
  /** Whether new credentials are refused from some addresses: then a value that is refused may be active. */
  readonly isConfined?: (at: At<A, P, G>) => boolean;
  /** What a value tells of itself, such as the end of a signed token. */
  readonly valueTells?: (value: Secret) => { readonly expiresAt?: Instant };
  /** What is asked about the admin credential. */
  readonly examine: (admin: A, grants: readonly (P & G)[], around: Around) => readonly Examination[];
  /**
   * Every credential in the admin secret, those of former accounts included, whatever else is wrong with the
   * grant that it stands in.
   */
  readonly adminValues: (admin: A, grants: readonly unknown[]) => readonly Secret[];
}

/** What the calls of one session share. */
export interface Bound<A, P, G> extends At<A, P, G> {
  readonly is: Declaration<A, P, G>;
  /** Host, base path and account in one text. */
  readonly name: string;
  readonly tools: ProviderTools;
  /** The longest life of a new credential, in days; undefined where expiry cannot be set. */
  readonly maxDays: number | undefined;
  /** Sends as the admin. */
  readonly send: (request: HttpRequest) => Promise<HttpAnswer>;
  /** Sends where values are checked, with this value alone: in the request itself, or as its signature. */
  readonly sendBare: (request: HttpRequest, value: Secret) => Promise<HttpAnswer>;
  /** Where values are checked, now. */
  readonly around: () => Around;
}
