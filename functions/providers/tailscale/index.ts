import type * as z from 'zod';
import type { Secret } from '../../core/basics/secret.ts';
import { BearerToken, asBearer } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { onePage } from '../declared/paging.ts';
import { valuesIn } from '../grant-values.ts';
import { pathOf, type HttpRequest } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import { Admin, ClientList, Grant, Invalid, MadeClient, NewEntry, Tailnet, reachOf } from './schema.ts';

type Tailnet = z.infer<typeof Tailnet>;
type Grant = z.infer<typeof Grant>;

const API = '/api/v2';
const TOKEN_PATH = `${API}/oauth/token`;
const OAUTH = 'tailscale.com, "OAuth clients"';

/** Not listed, so unknown: a scope that the client lacks, a tailnet that is suspended. */
const VERDICTS: readonly Verdict[] = [
  { outcome: 'active', status: 200, body: BearerToken.transform(() => ({})), source: OAUTH },
  {
    outcome: 'inactive',
    status: 401,
    body: Invalid,
    source:
      'answers of api.tailscale.com to a wrong and to a revoked client, as users report them ' +
      '(tailscale/tailscale, issue 17278; tailscale/gitops-acl-action, issue 33)',
  },
];

/** The id of a client stands in its secret. */
function idIn(secret: Secret): string | undefined {
  return /^tskey-client-([A-Za-z0-9]{4,40})-/.exec(secret.reveal())?.[1];
}

/**
 * Tailscale looks at the secret alone: `client_id` is ignored (tailscale/tailscale, feature/oauthkey). A text
 * without an id in it is asked about all the same.
 */
function tokenForm(secret: Secret) {
  return {
    form: { client_id: idIn(secret) ?? 'keyturn', client_secret: secret, grant_type: 'client_credentials' },
  };
}

function loginOf({ clientSecret }: Tailnet): HttpRequest {
  return { method: 'POST', path: TOKEN_PATH, body: tokenForm(clientSecret), repeatable: true };
}

const keysOf = ({ tailnet }: Tailnet): string => API + pathOf`/tailnet/${tailnet}/keys`;

export const tailscale = declared({
  descriptor,
  admin: Admin,
  place: Tailnet,
  grant: Grant,
  fault: ({ scopes, tags }) => {
    const needing = scopes.find((scope) => scope === 'devices:core' || scope === 'auth_keys');
    return needing === undefined || tags.length > 0
      ? undefined
      : { field: 'tags', problem: `must name a tag at least, which the scope ${needing} needs` };
  },
  apiPath: API,
  account: ({ tailnet }: Tailnet) => `tailnets/${tailnet}`,
  id: /[A-Za-z0-9]{4,40}/,
  scopes: (grant: Grant) => reachOf(grant),
  as: { login: ({ place }) => loginOf(place), token: BearerToken, headers: asBearer },
  create: {
    path: ({ place }) => keysOf(place),
    body: ({ name, grant: { scopes, tags } }) => ({
      json: { keyType: 'client', description: name, scopes, tags },
    }),
    made: MadeClient,
    entry: NewEntry,
    told: 'answer',
  },
  // For a token of an OAuth client: all OAuth clients of the tailnet, the one that asks among them.
  list: {
    path: ({ place }) => keysOf(place),
    answer: ClientList,
    self: ({ place }) => idIn(place.clientSecret),
    noAccount: ({ tailnet }) =>
      `Tailscale shows no tailnet ${tailnet} to the OAuth client in its grant: correct one or the other.`,
    pages: onePage,
  },
  // The answer has no body, and an id reaches keys of other kinds too. One that is gone may be answered with
  // 500 (tailscale/tailscale, issue 5897), so the list is looked at before.
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => keysOf(place) + pathOf`/${id}`,
    done: { status: 200 },
    gone: [404],
    proof: 'list',
    onlyOwn: true,
  },
  check: {
    method: 'POST',
    path: () => TOKEN_PATH,
    headers: () => ({}),
    body: (value) => tokenForm(value),
    verdicts: () => VERDICTS,
  },
  identify: { by: 'list', match: (value, clients) => clients.find(({ id }) => id === idIn(value)) },
  examine: (_admin, grants) => grants.map((grant) => ({ request: loginOf(grant), verdicts: VERDICTS })),
  adminValues: (_admin, grants) => grants.flatMap((grant) => valuesIn(grant, 'clientSecret')),
});
