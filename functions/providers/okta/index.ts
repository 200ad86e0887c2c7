import type { Secret } from '../../core/basics/secret.ts';
import { asUser, asWord } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { onePage } from '../declared/paging.ts';
import { epochDialect } from '../dialect.ts';
import { OktaAdmin, OktaApplication } from '../okta-api.ts';
import { pathOf } from '../request.ts';
import { descriptor } from './descriptor.ts';
import { ClientSecret, ClientSecrets, Grant } from './schema.ts';
import { ADMIN_VERDICTS, SAFE_REASONS, introspectionVerdicts, tokenVerdicts } from './verdicts.ts';

const asAdmin = asWord('SSWS');
const secretsOf = ({ app }: OktaApplication): string => pathOf`/api/v1/apps/${app}/credentials/secrets`;
/** Okta's default is the application's id. */
const clientOf = ({ app, clientId }: OktaApplication): string => clientId ?? app;

/**
 * Not a token: what is asked about it is only whether Okta accepts the client who asks. By default a value is
 * checked through introspection of a text that is no token: every kind of application may ask, no access
 * token is made, and the answer needs no scope, grant type or policy. Okta's own `/oauth2/v1/token` is no way
 * to ask: it refuses client secrets for client_credentials with `invalid_client`, as it would a deleted
 * secret. Sources: Okta API reference "/introspect"; Okta Support, "Client Credentials requests to the Org
 * Authorization Server must use the private_key_jwt token_endpoint_auth_method".
 */
const NO_TOKEN = { token: 'keyturn-probe', token_type_hint: 'access_token' };

/** Source: Okta API reference, "Application Client Auth Credentials". */
export const okta = declared<OktaAdmin, OktaApplication, Grant>({
  descriptor,
  admin: OktaAdmin,
  place: OktaApplication,
  grant: Grant,
  alone: { field: 'app', kind: 'application' },
  atOrigin: true,
  account: ({ app }) => `apps/${app}`,
  clientId: clientOf,
  handlePrefix: 'secrets/',
  id: /\w{1,64}/,
  dialect: epochDialect('x-rate-limit-reset'),
  safe: SAFE_REASONS,
  as: ({ admin }) => asAdmin(admin.token),
  create: {
    // 48 bytes make 64 characters, as long as the secrets that Okta makes itself.
    chooses: { bytes: 48 },
    path: ({ place }) => secretsOf(place),
    body: (value: Secret) => ({ json: { client_secret: value.reveal(), status: 'ACTIVE' } }),
    entry: ClientSecret,
    // A third secret, or something that is no client secret.
    refused: { status: 400, advice: 'check that the application authenticates by client secret' },
  },
  list: {
    path: ({ place }) => secretsOf(place),
    answer: ClientSecrets,
    noAccount: ({ app }) =>
      `Okta knows no application ${app}: correct app in the grant, or let the API token see it.`,
    pages: onePage,
  },
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => secretsOf(place) + pathOf`/${id}`,
    done: { status: 204 },
    gone: [404],
    proof: 'answer',
    keepsLast: true,
  },
  toggle: {
    method: 'POST',
    path: ({ place }, id, wanted) =>
      `${secretsOf(place)}${pathOf`/${id}`}/lifecycle/${wanted === 'active' ? 'activate' : 'deactivate'}`,
    entry: ClientSecret,
    beforeRevoke: true,
  },
  check: {
    method: 'POST',
    path: ({ grant }) => (grant.scopes ? grant.tokenEndpoint : '/oauth2/v1/introspect'),
    headers: (value, { place }) => asUser(clientOf(place), value),
    body: (_value, { grant: { scopes } }) => ({
      form: scopes ? { grant_type: 'client_credentials', scope: scopes.join(' ') } : NO_TOKEN,
    }),
    verdicts: ({ place, grant }) =>
      grant.scopes ? tokenVerdicts(clientOf(place)) : introspectionVerdicts(clientOf(place)),
  },
  identify: { by: 'value' },
  examine: ({ token }, grants) =>
    grants.slice(0, 1).map((grant) => ({
      request: { method: 'GET', path: secretsOf(grant), headers: asAdmin(token) },
      verdicts: ADMIN_VERDICTS,
    })),
  adminValues: ({ token }) => [token],
});
