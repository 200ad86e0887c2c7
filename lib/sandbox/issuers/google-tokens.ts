import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { parseJson } from '../../../functions/core/basics/json.ts';
import { HOUR, SECOND } from '../../../functions/core/basics/time.ts';
import { sessionFor } from './logins.ts';
import type { Call } from './minting-rules.ts';
import { pemOf, rsaKeysFor } from './rsa-keys.ts';

/** The project of all service accounts. */
export const PROJECT = 'acme-prod';
/** The service account of the admin. */
export const ADMIN = emailOf('keyturn');
/** How far a client's clock may be ahead. */
const AHEAD = 5 * 60;

const Login = z.strictObject({
  grant_type: z.literal('urn:ietf:params:oauth:grant-type:jwt-bearer'),
  assertion: z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/),
});
const Header = z.strictObject({ alg: z.literal('RS256'), typ: z.literal('JWT'), kid: z.string().optional() });
const Claims = z.strictObject({
  iss: z.string(),
  scope: z.string().min(1),
  aud: z.string(),
  iat: z.int(),
  exp: z.int(),
});

/** One pair for all keys, which differ by their ids. */
function privateKey(): KeyObject {
  return rsaKeysFor('google-iam')();
}

/** A token for a JWT that a key signed. */
export function login({ body, host, now, store }: Call): Response {
  const asked = Login.safeParse(body);
  if (!asked.success) return refused('invalid_request', 'Bad Request');
  const [head = '', middle = '', signature = ''] = asked.data.assertion.split('.');
  const header = Header.safeParse(decoded(head));
  const claims = Claims.safeParse(decoded(middle));
  if (!header.success || !claims.success) return refused('invalid_grant', 'Bad Request');
  const { iss, aud, iat, exp } = claims.data;
  if (iss !== ADMIN && !store.has(`serviceAccounts/${iss}`))
    return refused('invalid_grant', 'Invalid grant: account not found');
  if (aud !== `https://${host}/token`) return refused('invalid_grant', 'Invalid JWT: Failed audience check.');
  const isTimely = iat * SECOND <= now + AHEAD * SECOND && exp * SECOND > now && (exp - iat) * SECOND <= HOUR;
  if (!isTimely)
    return refused(
      'invalid_grant',
      'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check ' +
        'your iat and exp values in the JWT claim.',
    );
  const caller = store.caller(header.data.kid ?? '');
  const isOwn =
    caller.kind === 'admin'
      ? iss === ADMIN
      : caller.kind === 'credential' && caller.credential.account === `serviceAccounts/${iss}`;
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${middle}`),
    createPublicKey(privateKey()),
    Buffer.from(signature, 'base64url'),
  );
  if (!isOwn || !isSigned) return refused('invalid_grant', 'Invalid JWT Signature.');
  return Response.json({
    access_token: sessionFor(iss, header.data.kid ?? ''),
    expires_in: 3_599,
    token_type: 'Bearer',
  });
}

/** A key file in base64. */
export function fileOf(id: string, email: string): string {
  const file = {
    type: 'service_account',
    project_id: PROJECT,
    private_key_id: id,
    private_key: `${pemOf(privateKey())}\n`,
    client_email: email,
    client_id: '100000000000000000001',
    auth_uri: 'https://accounts.google.com/o/oauth2/auth',
    token_uri: 'https://oauth2.googleapis.com/token',
    universe_domain: 'googleapis.com',
  };
  return Buffer.from(`${JSON.stringify(file, undefined, 2)}\n`).toString('base64');
}

/** The id of the key in a value; a text of another form stands for itself. */
export function idIn(value: string): string {
  const file = z
    .object({ private_key_id: z.string() })
    .safeParse(parseJson(Buffer.from(value, 'base64').toString()));
  return file.data?.private_key_id ?? value;
}

function decoded(part: string): unknown {
  return parseJson(Buffer.from(part, 'base64url').toString());
}

/** The email address of a service account. */
export function emailOf(name: string): string {
  return `${name}@${PROJECT}.iam.gserviceaccount.com`;
}

/** The host of the token endpoint. */
export function tokensAt(host: string): string {
  return host.replace(/^iam\./, 'oauth2.');
}

function refused(error: string, description: string): Response {
  return Response.json({ error, error_description: description }, { status: 400 });
}
