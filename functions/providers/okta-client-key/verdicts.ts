import * as z from 'zod';
import { OKTA_SPEC, oktaAdminVerdicts } from '../okta-api.ts';
import type { SafeReason } from '../safe-reasons.ts';
import type { Verdict } from '../verdicts.ts';
import { ClientKeys } from './schema.ts';

const KID = 'support.okta.com, "Okta Client Assertion "Error: Invalid Key ID""';
const SIGNATURE =
  'support.okta.com, "Error Occurs During Authentication due to Invalid Client Assertion Signature"';

const refusing = (sentence: string) =>
  z.object({ error: z.literal('invalid_client'), error_description: z.literal(sentence) });

/**
 * What introspection of a text that is no token says of the client who asks: it is answered `false` to one
 * whose key was accepted. No refusal says that a key is not the client's: a kid that is wrong in the secret,
 * and a key that was registered for another algorithm, are refused in the same words.
 */
export function keyVerdicts(clientId: string): readonly Verdict[] {
  const refused = (sentence: string, reason: string, source: string): Verdict => ({
    outcome: 'unknown',
    status: 401,
    body: refusing(sentence).transform(() => reason),
    source,
  });
  return [
    {
      outcome: 'active',
      status: 200,
      body: z.strictObject({ active: z.literal(false) }).transform(() => ({})),
      source: `${OKTA_SPEC}/oauth-minimal.yaml, /oauth2/v1/introspect: "requires client authentication"`,
    },
    refused(
      'The client_assertion JWT kid is invalid.',
      `Okta finds no key of the client ${clientId} by the kid: it is revoked, or the field kid is wrong.`,
      KID,
    ),
    refused(
      'The client_assertion signature is invalid.',
      `Okta has another key of the client ${clientId} by the kid, or takes another algorithm for it.`,
      SIGNATURE,
    ),
    {
      outcome: 'unknown',
      status: 401,
      body: z
        .object({ error: z.literal('invalid_client') })
        .transform(
          () =>
            `Okta does not take the client ${clientId}: correct app or clientId in the grant, or activate ` +
            'the application.',
        ),
      source: `${OKTA_SPEC}/oauth-minimal.yaml, 401 of /oauth2/v1/token`,
    },
  ];
}

/** What the list of an application's keys says of the API token that asks for it. */
export const ADMIN_VERDICTS = oktaAdminVerdicts(ClientKeys, 'jwks');

/** Okta's own reasons that people may read. */
export const SAFE_REASONS: readonly SafeReason[] = [
  {
    status: 400,
    pattern: /Can't deactivate the only active JSON Web Key/,
    source: `${OKTA_SPEC}/management-minimal.yaml, ErrorDeactivateTheOnlyKeyWithPrivateKeyJwtAuthMethod`,
  },
  {
    status: 400,
    pattern: /You can't delete an active JSON Web Key/,
    source: `${OKTA_SPEC}/management-minimal.yaml, ErrorDeleteActiveJsonWebKey`,
  },
];
