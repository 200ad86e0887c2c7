import type { Randomness } from '../basics/randomness.ts';
import type { Secret } from '../basics/secret.ts';
import type { Instant, Millis } from '../basics/time.ts';
import type { ListedCredential, Minted, Probe, Reach, Replaced, Shown } from './answers.ts';
import type { Beside, CommonSession } from './common-session.ts';
import type { PairedSession } from './paired-session.ts';
import type { ProviderDescriptor } from './provider-descriptor.ts';
import type { ReplacePermit } from './replace-permit.ts';
import type { Toggle } from './toggle.ts';

export type { Beside } from './common-session.ts';
export type { PairedSession } from './paired-session.ts';
export type { CredentialState, ListedCredential, Minted, Probe, Reach, Replaced, Shown } from './answers.ts';

/** An issuer that lists credentials and revokes each by its handle. */
interface ListingSession extends CommonSession {
  /**
   * Revokes a credential. Each call that ends something is sent once. Revoking one that is gone already is a
   * success. Only the revocation guard may call this.
   */
  revoke(handle: string): Promise<void>;
  /** Where the issuer can disable a credential and enable it again. */
  readonly toggle?: Toggle;
  /**
   * Every credential of the resource this token may have, all pages, inactive ones included where the issuer
   * lists them.
   */
  list(): Promise<ListedCredential[]>;
  /** Which credential a value is, where the issuer can tell. */
  identify(value: Secret, beside?: Beside): Promise<ListedCredential | undefined>;
}

/** An issuer that makes the value. */
export interface MintingSession extends ListingSession {
  readonly kind: 'minting';
  /**
   * Throws as long as nothing is known to have been made. Once an id has arrived it throws no more: what is
   * wrong stands in `differs`. An answer without an id is `issuer-response-invalid`: what was made is found
   * by its marker, or by being new in an account of our own.
   */
  mint(request: { marker: string; expiresAt: Instant | undefined }): Promise<Minted>;
}

/** An issuer that takes a value we chose and stored first. */
export interface ChoosingSession extends ListingSession {
  readonly kind: 'choosing';
  /**
   * Its slots, where they have names: each the start of the handles of what it holds, which goes on with `@`
   * and what tells that from everything else that the slot ever holds. `…/users/svc-a` holds
   * `…/users/svc-a@5f3c20d1`. Creations use them in turn.
   */
  readonly slots?: readonly [string, string, ...string[]];
  /** `slot`: the one that the value is for, where they have names; `fields` then say which. */
  choose(random: Randomness, slot?: string): { value: Secret; fields?: Beside };
  /**
   * Makes the issuer accept the value; doing it twice leaves one credential. `beside`: the `fields` that were
   * chosen with it. Error: `credential-limit-reached` where its slot holds anything else, which stays.
   */
  install(value: Secret, beside: Beside): Promise<ListedCredential>;
}

/**
 * An issuer whose values only people create. It neither lists them nor knows them by a name: the handle of
 * one is made from its value, and it is revoked by its value.
 */
export interface SubmittedSession extends CommonSession {
  readonly kind: 'submitted';
  /** What the issuer says of a value. Does not throw for an issuer that is down. */
  ask(value: Secret): Promise<Shown>;
  /**
   * Revokes the credential with this value. The call is sent once. Revoking one that is gone already is a
   * success. Only the revocation guard may call this. Left out where only people can: the descriptor's
   * `byPerson.revocation` then says how.
   */
  readonly revoke?: (value: Secret) => Promise<void>;
}

/** One that can be asked to revoke by a value. */
export type RevokingSession = (SubmittedSession & Required<Pick<SubmittedSession, 'revoke'>>) | PairedSession;

/**
 * An issuer whose account has one slot: creating a value ends the one before it. It neither lists nor names
 * values: the handle of one is made from its value, and nothing but the next creation ends it.
 */
export interface ReplacingSession extends CommonSession {
  readonly kind: 'replacing';
  /**
   * Makes a new value, which ends the one that the slot holds. The call is sent once. Throws as long as
   * nothing is known to have been made; an answer without a value is `issuer-response-invalid`. Error:
   * `bad-request` for a permission about another account.
   */
  replace(permit: ReplacePermit): Promise<Replaced>;
}

/** Whether its issuer revokes by API, or people do. */
export function canRevoke(session: SubmittedSession | PairedSession): session is RevokingSession {
  return 'revoke' in session;
}

/** A session of an issuer that lists its credentials. */
export type ListedSession = MintingSession | ChoosingSession;

/**
 * A provider bound to one admin credential and to what that credential's own secret grants to one secret.
 * Nothing else can be reached through it.
 */
export type Session = ListedSession | SubmittedSession | ReplacingSession | PairedSession;

/**
 * Every credential of the resource, as its issuer lists it; undefined where the issuer has no list: then
 * nothing is known to be absent.
 */
export function listOf(session: Session): Promise<ListedCredential[] | undefined> {
  return isListed(session) ? session.list() : Promise.resolve(undefined);
}

export function isListed(session: Session): session is ListedSession {
  return session.kind === 'minting' || session.kind === 'choosing';
}

/** How a credential is disabled and enabled; undefined where the issuer cannot. */
export function toggleOf(session: Session): Toggle | undefined {
  return isListed(session) ? session.toggle : undefined;
}

/** What every provider needs of the world. */
export interface ProviderTools {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly now: () => Instant;
  readonly sleep: (length: Millis) => Promise<void>;
  /** An id that nothing else has. */
  readonly uuid: () => string;
  /** Which hosts do not answer, where that is remembered from one request to the next. */
  readonly hosts?: {
    restsUntil(host: string, now: Instant): Instant | undefined;
    answered(host: string): void;
    failed(host: string, now: Instant): void;
  };
}

export interface Provider {
  readonly descriptor: ProviderDescriptor;
  /**
   * Checks the admin secret's text, finds its grant for the named secret, and binds both.
   * Errors: `admin-invalid` names the field; `not-granted` names the secret.
   */
  open(admin: Secret, secretName: string, tools: ProviderTools): Session;
  /**
   * The session for the place where a credential was made, if the secret's grant names that place, as its own
   * or among its `formerly`. Undefined where it does not: then Keyturn may not ask there. A session for a
   * former place makes nothing new (`not-granted`). Errors: as `open`.
   */
  openAt(admin: Secret, secretName: string, reach: Reach, tools: ProviderTools): Session | undefined;
  /**
   * The session for the place, of those that the secret's grant names, whose values stand beside these
   * companions in a secret (`fields` of what is made there); undefined where there is none. Errors: as
   * `open`.
   */
  openBeside(
    admin: Secret,
    secretName: string,
    beside: Readonly<Record<string, string>>,
    tools: ProviderTools,
  ): Session | undefined;
  /**
   * Every place the secret's grant names: its own first, then the former ones. Makes no call. Errors: as
   * `open`.
   */
  reaches(admin: Secret, secretName: string): readonly Reach[];
  /**
   * Whether the issuer accepts the admin credential itself, and until when, where it tells. Does not throw
   * for an issuer that is down. Error: `admin-invalid`.
   */
  examine(admin: Secret, tools: ProviderTools): Promise<Probe>;
  /** The credentials in the admin secret's text, so that one that leaks is known. Error: `admin-invalid`. */
  adminValues(admin: Secret): readonly Secret[];
}
