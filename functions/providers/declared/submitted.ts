import * as z from 'zod';
import { KeyturnError } from '../../core/basics/errors.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { Instant } from '../../core/basics/time.ts';
import type { Probe, Provider, ProviderTools, Shown, SubmittedSession } from '../../core/issuer/provider.ts';
import { grantFor } from '../grant-of.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { HttpClient } from '../http.ts';
import { accountOf, inPlaces, placeAt, type Place } from '../places.ts';
import type { HttpRequest } from '../request.ts';
import { canonicalScopes } from '../scopes.ts';
import { asking, probing } from '../verdicts.ts';
import { adminReader, grantRule, type Readable } from './admin.ts';
import { clientsOf } from './client.ts';
import type { Declaration, Examination } from './declaration.ts';

type Asked = Omit<HttpRequest, 'accept' | 'ends' | 'repeatable'>;

/** What is known when a value is asked about. */
export interface About {
  /** Whose it has to be, where that is known: some issuers are asked as an account. */
  readonly account: string | undefined;
  readonly now: Instant;
}

/** What an acceptance says of a value: whose it is, and more where the issuer tells. */
export type Told = Omit<Extract<Shown, { readonly outcome: 'active' }>, 'outcome'>;

/** The admin secret holds no credential: it says whose each token is. */
const NoCredential = z.strictObject({});

/**
 * An issuer whose values people create, and which revokes one by the value itself or has people do so, as
 * data.
 * {@link declaredSubmitted} makes a provider of it.
 */
export interface Submitted<P, G>
  extends
    Pick<Readable<object, P, G>, 'descriptor' | 'place' | 'grant' | 'apiPath' | 'atOrigin'>,
    Pick<Declaration<object, P, G>, 'account' | 'dialect' | 'safe'> {
  /** The vendor's own origin: there a value is asked about before it is submitted. */
  readonly origin: string;
  /** How the issuer is asked about a value, with the value alone. */
  readonly ask: {
    readonly request: (value: Secret, about: About) => Asked;
    /**
     * What an answer of status 200 says; undefined where it is not such an answer. What a value says of
     * itself without being secret may be read too.
     */
    readonly told: (answer: HttpAnswer, value: Secret) => Told | undefined;
    /** The answer about a value that ended, or that nobody knows, down to its words. */
    readonly refused: { readonly status: number; readonly body: z.ZodType; readonly source: string };
  };
  /** What a person has to choose, where the grant says it. */
  readonly scopes?: (grant: G) => readonly string[] | undefined;
  /** Left out where only people can revoke: `byPerson.revocation` of the descriptor says how. */
  readonly revoke?: {
    readonly request: (value: Secret) => Asked;
    /** The status of its success. */
    readonly done: number;
    /** It is asked for with the value, so one that ended before is refused as a question about it is. */
    readonly byItself?: true;
  };
  /** A question without a credential, which shows that the issuer answers. */
  readonly examine: Examination;
}

/** A provider whose issuer can be asked about a value without its admin secret. */
export interface SubmittedProvider extends Provider {
  /**
   * At the vendor's own address. `account`: whose the value has to be, where that is known. Does not throw
   * for an issuer that is down.
   */
  readonly ask: (value: Secret, tools: ProviderTools, account?: string) => Promise<Shown>;
}

/**
 * The provider of such an issuer. What has to hold for all of them stands here once: only the listed answers
 * say something of a value; one of another account is none of this one, whether it works or not; a revocation
 * is sent once, and what is not its documented success is an error.
 */
export function declaredSubmitted<P, G>(is: Submitted<P, G>): SubmittedProvider {
  const readable = { ...is, admin: NoCredential };
  const read = adminReader(readable);
  const rule = grantRule(readable);
  const clientOf = clientsOf(is);
  return {
    descriptor: is.descriptor,
    ask: (value, tools, account) =>
      ask(is, clientOf(is.origin, tools), { value, about: { account, now: tools.now() } }),
    examine: (secret, tools) => asking({ http: clientOf(read(secret).url, tools), ...is.examine }),
    adminValues: () => [],
    ...inPlaces((secret, secretName) => {
      const { url, grants } = read(secret);
      const grant = grantFor(rule, grants, secretName);
      const scopes = is.scopes?.(grant);
      const at = (place: P): Place => {
        const reach = placeAt(url, is.account(place));
        return { reach, open: (tools) => sessionOf(is, clientOf(url, tools), { reach, scopes, tools }) };
      };
      return [at(grant), ...(grant.formerly ?? []).map(at)];
    }),
  };
}

interface Granted {
  readonly reach: Place['reach'];
  readonly scopes: readonly string[] | undefined;
  readonly tools: ProviderTools;
}

function sessionOf<P, G>(
  is: Submitted<P, G>,
  http: HttpClient,
  { reach, scopes, tools }: Granted,
): SubmittedSession {
  const asked = (value: Secret): Promise<Shown> =>
    ask(is, http, { value, about: { account: reach.account, now: tools.now() } });
  return {
    kind: 'submitted',
    account: accountOf(reach),
    reach,
    ...(scopes && { scopes: canonicalScopes(scopes) }),
    ask: asked,
    probe: async (value) => probeBy(await asked(value), reach.account),
    ...(is.revoke && { revoke: revoking(is, is.revoke, http) }),
  };
}

async function ask<P, G>(
  is: Submitted<P, G>,
  http: HttpClient,
  { value, about }: { readonly value: Secret; readonly about: About },
): Promise<Shown> {
  return probing(async () =>
    shownBy(is, await http.send({ ...is.ask.request(value, about), accept: 'any' }), value),
  );
}

/** Whatever is not listed is unknown: it may come from a gateway, or depend on where the question is from. */
function shownBy<P, G>(is: Submitted<P, G>, answer: HttpAnswer, value: Secret): Shown {
  if (isRefused(is, answer)) return { outcome: 'inactive' };
  const told = answer.status === 200 ? is.ask.told(answer, value) : undefined;
  if (told !== undefined) return { outcome: 'active', ...told };
  return {
    outcome: 'unknown',
    reason: `${answer.about} with something that says neither yes nor no to the value.`,
  };
}

function isRefused<P, G>({ ask: { refused } }: Submitted<P, G>, answer: HttpAnswer): boolean {
  return answer.status === refused.status && answer.read(refused.body) !== undefined;
}

function probeBy(shown: Shown, account: string): Probe {
  if (shown.outcome !== 'active') return shown;
  if (shown.account !== account)
    return {
      outcome: 'unknown',
      reason: `The issuer takes this value for one of another account than ${account}.`,
    };
  const { scopes, expiresAt } = shown;
  return { outcome: 'active', ...(scopes && { scopes }), ...(expiresAt !== undefined && { expiresAt }) };
}

function revoking<P, G>(
  is: Submitted<P, G>,
  { request, done, byItself }: NonNullable<Submitted<P, G>['revoke']>,
  http: HttpClient,
): (value: Secret) => Promise<void> {
  return async (value) => {
    const answer = await http.send({ ...request(value), accept: 'any', ends: true, repeatable: false });
    if (answer.status === done || (byItself && isRefused(is, answer))) return;
    throw new KeyturnError(
      answer.status < 300 ? 'issuer-response-invalid' : 'issuer-refused',
      `${answer.about}, which does not say that the value is revoked.`,
    );
  };
}
