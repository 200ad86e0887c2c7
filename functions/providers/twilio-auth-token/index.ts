import type * as z from 'zod';
import { KeyturnError } from '../../core/basics/errors.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { PairedSession, Probe, Provider, Replaced } from '../../core/issuer/provider.ts';
import { adminReader, grantRule } from '../declared/admin.ts';
import { clientsOf } from '../declared/client.ts';
import { asUser } from '../declared/forms.ts';
import { grantFor, readableGrants } from '../grant-of.ts';
import { valuesIn } from '../grant-values.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { HttpClient } from '../http.ts';
import { accountOf, inPlaces, noneMadeAt, placeAt, type Place } from '../places.ts';
import { askingAll, asking, type Verdict } from '../verdicts.ts';
import { accountRequest, ask, primaryOf, type Known } from './account.ts';
import { descriptor } from './descriptor.ts';
import { Account, Admin, Grant, Promoted, Secondary, Shown, UnknownUser } from './schema.ts';

const readable = {
  descriptor,
  admin: Admin,
  place: Account,
  grant: Grant,
  alone: { field: 'account', kind: 'account' },
  apiPath: '/2010-04-01',
};
const read = adminReader(readable);
const rule = grantRule(readable);
const clientOf = clientsOf({});

const SECONDARY = '/v1/AuthTokens/Secondary';
const PROMOTE = '/v1/AuthTokens/Promote';

/** Where auth tokens are made and ended, beside the API. Source: the server of twilio_accounts_v1.json. */
function tokensAt(url: string): string {
  return url.replace(/^https:\/\/api\./, 'https://accounts.');
}

interface Bound extends Known {
  /** At {@link tokensAt}. */
  readonly tokens: HttpClient;
  readonly reach: Place['reach'];
  readonly isFormer: boolean;
}

export const twilioAuthToken: Provider = {
  descriptor,
  examine(secret, tools) {
    const { url, grants } = read(secret);
    const http = clientOf(url, tools);
    return askingAll(
      readableGrants(rule, grants).map(({ account, user, token }) => (): Promise<Probe> => {
        const request = accountRequest(account, asUser(user, token));
        return asking({ http, request, verdicts: verdictsFor(account) });
      }),
    );
  },
  adminValues: (secret) => read(secret).grants.flatMap((grant) => valuesIn(grant, 'token')),
  ...inPlaces((secret, secretName) => {
    const { url, grants } = read(secret);
    const { secret: _name, formerly = [], ...own } = grantFor(rule, grants, secretName);
    const at = (place: z.infer<typeof Account>, isFormer: boolean): Place => {
      const reach = placeAt(url, `Accounts/${place.account}`);
      return {
        reach,
        open: (tools) =>
          sessionOf({
            ...place,
            reach,
            isFormer,
            http: clientOf(url, tools),
            tokens: clientOf(tokensAt(url), tools),
          }),
      };
    };
    return [at(own, false), ...formerly.map((place) => at(place, true))];
  }),
};

/** The admin key is of use where the account shows it the primary auth token. */
function verdictsFor(account: string): readonly Verdict[] {
  const source = 'twilio/twilio-oai, twilio_api_v2010.json, FetchAccount';
  const own = Shown.refine(({ sid, status }) => sid === account && status === 'active');
  const main = own.refine(({ isMain }) => isMain);
  return [
    {
      outcome: 'active',
      status: 200,
      body: main.refine(({ primary }) => primary !== undefined).transform(() => ({})),
      source,
    },
    {
      outcome: 'unknown',
      status: 200,
      body: main.transform(() => 'The account does not show its primary auth token to this key.'),
      source,
    },
    {
      outcome: 'unknown',
      status: 200,
      body: own.transform(() => `The account ${account} is a subaccount, whose tokens are not served.`),
      source,
    },
    {
      outcome: 'inactive',
      status: 401,
      body: UnknownUser,
      source: 'answers of api.twilio.com, as users report them',
    },
  ];
}

function sessionOf(bound: Bound): PairedSession {
  const account = accountOf(bound.reach);
  return {
    kind: 'paired',
    account,
    reach: bound.reach,
    ask: (value) => ask(bound, value),
    async probe(value) {
      const shown = await ask(bound, value);
      return shown.outcome === 'active' ? { outcome: 'active' } : shown;
    },
    prepare: bound.isFormer ? noneMadeAt(account) : (main) => prepared(bound, main),
    revoke: (value) => revoked(bound, value),
    endLost: (main) => endLost(bound, main),
  };
}

async function prepared(bound: Bound, main: Secret): Promise<() => Promise<Replaced>> {
  if (!(await primaryOf(bound)).equals(main))
    throw new KeyturnError(
      'credential-limit-reached',
      `The value in use is not the primary auth token of ${bound.account}: wait until Keyturn has ended ` +
        'the one before it, promote it at Twilio, or store the primary one in the secret.',
    );
  return async () => {
    const answer = await sent(bound, 'POST', SECONDARY);
    return { value: ofAccount(bound, answer.json(Secondary), answer).value };
  };
}

/** With the primary one goes its name; a secondary one is deleted. */
async function revoked(bound: Bound, value: Secret): Promise<void> {
  const primary = await primaryOf(bound);
  if (primary.equals(value)) return promoted(bound, value);
  const shown = await ask(bound, value);
  if (shown.outcome === 'unknown') throw new KeyturnError('issuer-response-invalid', shown.reason);
  if (shown.outcome === 'active') await sent(bound, 'DELETE', SECONDARY, [404]);
}

async function promoted(bound: Bound, value: Secret): Promise<void> {
  const answer = await sent(bound, 'POST', PROMOTE);
  const now = ofAccount(bound, answer.json(Promoted), answer);
  if (now.value.equals(value))
    throw new KeyturnError(
      'issuer-response-invalid',
      `${answer.about}, and the old auth token stays primary.`,
    );
}

/** A secondary one that nobody has, where the value in use is the primary one. */
async function endLost(bound: Bound, main: Secret): Promise<void> {
  if ((await primaryOf(bound)).equals(main)) {
    await sent(bound, 'DELETE', SECONDARY, [404]);
    return;
  }
  const shown = await ask(bound, main);
  if (shown.outcome !== 'active')
    throw new KeyturnError(
      'issuer-response-invalid',
      `Which auth token of ${bound.account} is in use cannot be told, so none of them ends.`,
    );
}

/** Each of these calls ends something, or may, and is sent once. */
function sent(
  { tokens, user, token }: Bound,
  method: 'POST' | 'DELETE',
  path: string,
  accept: readonly number[] = [],
): Promise<HttpAnswer> {
  const headers = asUser(user, token);
  return tokens.send({ method, path, headers, accept, ends: true, repeatable: false });
}

/** Error: `issuer-response-invalid` for what another account got. */
function ofAccount<T extends { readonly sid: string }>(
  { account }: Bound,
  made: T,
  { about }: HttpAnswer,
): T {
  if (made.sid === account) return made;
  throw new KeyturnError('issuer-response-invalid', `${about} about another account than ${account}.`);
}
