import * as z from 'zod';
import type { Secret } from '../core/basics/secret.ts';
import { BearerToken, asUser } from './declared/forms.ts';
import { AdminSecret } from './grants.ts';
import type { HttpRequest } from './request.ts';
import type { Verdict } from './verdicts.ts';

const TOKEN = 'mongodb.com/docs/atlas, "Generate Service Account Token"';
export const ATLAS_TOKEN_PATH = '/api/oauth/token';
export const CLIENT_CREDENTIALS = {
  form: { grant_type: 'client_credentials' },
} satisfies HttpRequest['body'];

export const AtlasClientId = z
  .string()
  .regex(
    /^mdb_sa_id_[a-fA-F0-9]{24}$/,
    'must be the client id of a service account, such as mdb_sa_id_0123456789abcdef01234567',
  );

/** The service account for Keyturn. */
export const AtlasAdmin = z.strictObject({ clientId: AtlasClientId, clientSecret: AdminSecret });

export function atlasLogin(clientId: string, clientSecret: Secret): HttpRequest {
  return {
    method: 'POST',
    path: ATLAS_TOKEN_PATH,
    headers: asUser(clientId, clientSecret),
    body: CLIENT_CREDENTIALS,
    repeatable: true,
  };
}

/**
 * IP access lists apply to tokens and not to asking for one, so a refusal does not mean the address. It is of
 * a client that is not known, or a secret that is not one of its own or is at its end. Not listed, so
 * unknown: a client that has too many tokens (403), and a request that is wrong (400).
 */
export const ATLAS_LOGIN_VERDICTS: readonly Verdict[] = [
  { outcome: 'active', status: 200, body: BearerToken.transform(() => ({})), source: TOKEN },
  {
    outcome: 'inactive',
    status: 401,
    body: z.object({
      error: z.literal('invalid_client'),
      error_description: z.literal('Invalid credentials provided.'),
    }),
    source: TOKEN,
  },
];
