import type { Secret } from '../../core/basics/secret.ts';
import { asWord } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { onePage } from '../declared/paging.ts';
import { epochDialect } from '../dialect.ts';
import { OktaAdmin, OktaApplication } from '../okta-api.ts';
import { pathOf } from '../request.ts';
import { assertionFields, publicJwkOf, thumbprintOf } from '../signing-key.ts';
import { descriptor } from './descriptor.ts';
import { ClientKey, ClientKeys, Grant, markOfJwk } from './schema.ts';
import { ADMIN_VERDICTS, SAFE_REASONS, keyVerdicts } from './verdicts.ts';

const asAdmin = asWord('SSWS');
const keysOf = ({ app }: OktaApplication): string => pathOf`/api/v1/apps/${app}/credentials/jwks`;
/** Okta's default is the application's id. */
const clientOf = ({ app, clientId }: OktaApplication): string => clientId ?? app;

const INTROSPECT = '/oauth2/v1/introspect';
/**
 * Not a token: what is asked about it is only whether Okta accepts the client who asks. No access token is
 * made, and the answer needs no scope, grant type or policy.
 */
const NO_TOKEN = { token: 'keyturn-probe', token_type_hint: 'access_token' };

/** Source: Okta API reference, "Application Public Keys". */
export const oktaClientKey = declared<OktaAdmin, OktaApplication, Grant>({
  descriptor,
  admin: OktaAdmin,
  place: OktaApplication,
  grant: Grant,
  alone: { field: 'app', kind: 'application' },
  atOrigin: true,
  account: ({ app }) => `apps/${app}`,
  clientId: clientOf,
  handlePrefix: 'jwks/',
  id: /\w{1,64}/,
  dialect: epochDialect('x-rate-limit-reset'),
  safe: SAFE_REASONS,
  as: ({ admin }) => asAdmin(admin.token),
  create: {
    chooses: 'rsa-key',
    beside: (value: Secret) => ({ kid: thumbprintOf(value) ?? '' }),
    path: ({ place }) => keysOf(place),
    // The public half alone.
    body: (value: Secret) => ({
      json: {
        ...publicJwkOf(value),
        kid: thumbprintOf(value),
        use: 'sig',
        alg: 'RS256',
        status: 'ACTIVE',
      },
    }),
    entry: ClientKey,
    // Beside too many: a key without a kid, or keys at a URL.
    refused: {
      status: 400,
      advice: 'check that the application saves its keys in Okta, and that each has a kid',
    },
  },
  list: {
    path: ({ place }) => keysOf(place),
    answer: ClientKeys,
    noAccount: ({ app }) =>
      `Okta knows no application ${app}: correct app in the grant, or let the API token see it.`,
    pages: onePage,
  },
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => keysOf(place) + pathOf`/${id}`,
    done: { status: 204 },
    gone: [404],
    proof: 'answer',
    // "Can't deactivate the only active JSON Web Key", where the application signs with keys alone.
    keepsLast: true,
  },
  toggle: {
    method: 'POST',
    path: ({ place }, id, wanted) =>
      `${keysOf(place)}${pathOf`/${id}`}/lifecycle/${wanted === 'active' ? 'activate' : 'deactivate'}`,
    entry: ClientKey,
    beforeRevoke: true,
  },
  check: {
    method: 'POST',
    path: () => INTROSPECT,
    headers: () => ({}),
    // "The audience claim for client_assertion must be the endpoint invoked for the request."
    body: (value, { place }, { origin, now, uuid }, { kid = thumbprintOf(value) }) => ({
      form: {
        ...NO_TOKEN,
        ...assertionFields(value, {
          clientId: clientOf(place),
          audience: origin + INTROSPECT,
          kid,
          now,
          id: uuid(),
        }),
      },
    }),
    verdicts: ({ place }) => keyVerdicts(clientOf(place)),
  },
  identify: {
    by: 'value',
    isOf: (value, { mask }) => mask !== undefined && mask === markOfJwk(publicJwkOf(value)),
  },
  examine: ({ token }, grants) =>
    grants.slice(0, 1).map((grant) => ({
      request: { method: 'GET', path: keysOf(grant), headers: asAdmin(token) },
      verdicts: ADMIN_VERDICTS,
    })),
  adminValues: ({ token }) => [token],
});
