import { SECOND, type Instant } from '../../../functions/core/basics/time.ts';
import { iso } from './forms.ts';
import type { Kept } from './minting-rules.ts';

/** The start of accounts; the name of a role follows. */
export const START = 'auth/approle/role/';

const REQUEST_ID = '00000000-0000-4000-8000-000000000000';

/** How a role binds its secret IDs. */
export function rules(): object {
  return {
    bind_secret_id: true,
    local_secret_ids: false,
    secret_id_bound_cidrs: null,
    secret_id_num_uses: 0,
    secret_id_ttl: 0,
    token_bound_cidrs: [],
    token_explicit_max_ttl: 0,
    token_max_ttl: 0,
    token_no_default_policy: false,
    token_num_uses: 0,
    token_period: 0,
    token_policies: ['shop'],
    token_strictly_bind_ip: false,
    token_ttl: 1_200,
    token_type: 'default',
  };
}

/** A secret ID, without its value. */
export function shown({ id, name, createdAt, expiresAt }: Kept): object {
  return {
    secret_id_accessor: id,
    creation_time: nano(createdAt),
    expiration_time: expiresAt === undefined ? '0001-01-01T00:00:00Z' : nano(expiresAt),
    last_updated_time: nano(createdAt),
    metadata: name === '' ? {} : { keyturn: name },
    cidr_list: [],
    token_bound_cidrs: [],
    secret_id_num_uses: 0,
    secret_id_ttl: expiresAt === undefined ? 0 : Math.floor((expiresAt - createdAt) / SECOND),
  };
}

/** Go writes times to the billionth of a second. */
function nano(at: Instant): string {
  return iso(at).replace('Z', '000000Z');
}

/** The role_id of an account, as custom ones may be. */
export function roleIdOf(account: string): string {
  return `role-id-of-${account.slice(START.length)}`;
}

/** An answer with data. */
export function data(fields: object, status = 200): Response {
  return whole({ data: fields }, status);
}

function whole(parts: object, status = 200): Response {
  const common = {
    request_id: REQUEST_ID,
    lease_id: '',
    renewable: false,
    lease_duration: 0,
    wrap_info: null,
    warnings: null,
  };
  return Response.json({ ...common, data: null, auth: null, ...parts }, { status });
}

/** Done, or not there. */
export function nothing(): Response {
  return new Response(null, { status: 204 });
}

/** To a token that Vault does not know, and in other words to one that may not. Source: OpenBao 2.7.2. */
export function denied(isKnown = false): Response {
  return failed(403, isKnown ? '1 error occurred:\n\t* permission denied\n\n' : 'permission denied');
}

/** Source: openbao/openbao df6ce2ce, sdk/logical/response_util.go. */
export function failed(status: number, ...errors: readonly string[]): Response {
  return Response.json({ errors }, { status });
}

const BATCH = 'hvb.';

/** A batch token says itself who it is of. */
export function batchOf(secretId: string): string {
  return BATCH + Buffer.from(secretId).toString('base64url');
}

/** The secret ID that such a token is of; any other text is left as it is. */
export function adminIn(token: string): string {
  return token.startsWith(BATCH) ? Buffer.from(token.slice(BATCH.length), 'base64url').toString() : token;
}

/** The answer to a login: batch tokens cannot be renewed. */
export function loggedIn(
  { account, id, name }: Pick<Kept, 'account' | 'id' | 'name'>,
  token: string,
): Response {
  const isBatch = token.startsWith(BATCH);
  const policies = ['default', isBatch ? 'keyturn' : 'shop'];
  return whole({
    auth: {
      client_token: token,
      accessor: id.slice(0, 24),
      policies,
      token_policies: policies,
      metadata: { ...(name !== '' && { keyturn: name }), role_name: account.slice(START.length) },
      lease_duration: isBatch ? 1_800 : 1_200,
      renewable: !isBatch,
      entity_id: roleIdOf(account),
      token_type: isBatch ? 'batch' : 'service',
      orphan: true,
      mfa_requirement: null,
      num_uses: 0,
    },
  });
}
