import * as z from 'zod';
import { OKTA_SPEC, oktaAdminVerdicts } from '../okta-api.ts';
import type { SafeReason } from '../safe-reasons.ts';
import { canonicalScopes } from '../scopes.ts';
import type { Verdict } from '../verdicts.ts';
import { ClientSecrets } from './schema.ts';

const SUPPORT = 'support.okta.com, "Invalid_Client Error Returned When Requesting OAuth Token(s)"';
const NO_CLIENT = 'No client credentials found';
const UNKNOWN_CLIENT = `${OKTA_SPEC}/oauth-minimal.yaml, 401 of /oauth2/v1/token: "${NO_CLIENT}"`;

/**
 * Of the three sentences that come with `invalid_client`, the one that is about the secret. The others are
 * about the client, or about either.
 */
const SECRET_REFUSED: Verdict = {
  outcome: 'inactive',
  status: 401,
  body: z.object({
    error: z.literal('invalid_client'),
    error_description: z.literal('The client secret supplied for a confidential client is invalid.'),
  }),
  source: SUPPORT,
};

const unknownClient = (clientId: string) =>
  `Okta does not know the client ${clientId}, or cannot tell it from its secret: correct app or ` +
  'clientId in the grant.';

/**
 * OAuth errors that say what in the grant is wrong; whether Okta looks at the secret before or after is not
 * documented (RFC 6749 §5.2, RFC 6750 §3.1).
 */
const OAuthCode = z.object({
  error: z.enum([
    'invalid_request',
    'invalid_scope',
    'invalid_grant',
    'unauthorized_client',
    'unsupported_grant_type',
    'access_denied',
    'invalid_dpop_proof',
    'use_dpop_nonce',
  ]),
});

function unknowns(clientId: string): readonly Verdict[] {
  const oauth = OAuthCode.transform(
    ({ error }) => `Okta answered ${error} to the probe: correct scopes or tokenEndpoint in the grant.`,
  );
  return [
    {
      outcome: 'unknown',
      status: 401,
      body: z.object({ error: z.literal('invalid_client') }).transform(() => unknownClient(clientId)),
      source: `${SUPPORT}; ${UNKNOWN_CLIENT}`,
    },
    {
      outcome: 'unknown',
      status: 401,
      body: z.object({ errorCode: z.literal('invalid_client') }).transform(() => unknownClient(clientId)),
      source: SUPPORT,
    },
    ...[400, 401, 403].map((status): Verdict => ({
      outcome: 'unknown',
      status,
      body: oauth,
      source: `${OKTA_SPEC}/oauth-minimal.yaml`,
    })),
  ];
}

/**
 * What introspection of a text that is no token says of the client who asks: it is answered `false` to one
 * whose secret was accepted.
 */
export function introspectionVerdicts(clientId: string): readonly Verdict[] {
  const accepted: Verdict = {
    outcome: 'active',
    status: 200,
    body: z.object({ active: z.literal(false) }).transform(() => ({})),
    source: `${OKTA_SPEC}/oauth-minimal.yaml, /oauth2/v1/introspect: "requires client authentication"`,
  };
  return [accepted, SECRET_REFUSED, ...unknowns(clientId)];
}

/** The answer of a token endpoint; the access token goes no further. */
const TokenAnswer = z
  .object({
    token_type: z.literal('Bearer'),
    expires_in: z.number(),
    access_token: z.string().min(1),
    scope: z.string().optional(),
  })
  .transform(({ scope }) => (scope === undefined ? {} : { scopes: canonicalScopes(scope.split(' ')) }));

/** What a token endpoint says of the client who asks for a token. */
export function tokenVerdicts(clientId: string): readonly Verdict[] {
  return [
    {
      outcome: 'active',
      status: 200,
      body: TokenAnswer,
      source: `${OKTA_SPEC}/oauth-minimal.yaml, /oauth2/{authorizationServerId}/v1/token`,
    },
    SECRET_REFUSED,
    ...unknowns(clientId),
  ];
}

/** What the list of an application's secrets says of the API token that asks for it. */
export const ADMIN_VERDICTS = oktaAdminVerdicts(ClientSecrets, 'secrets');

/** Okta's own reasons that people may read. */
export const SAFE_REASONS: readonly SafeReason[] = [
  {
    status: 400,
    pattern: /You can't deactivate the only active client secret/,
    source: `${OKTA_SPEC}/management-minimal.yaml, ErrorDeactivateTheOnlyClientSecret`,
  },
  {
    status: 400,
    pattern: /You can't delete an active client secret/,
    source: `${OKTA_SPEC}/management-minimal.yaml, ErrorDeleteActiveClientSecret`,
  },
];
