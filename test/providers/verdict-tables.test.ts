import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Probe } from '../../functions/core/issuer/provider.ts';
import { VERDICTS as GITLAB } from '../../functions/providers/gitlab/verdicts.ts';
import { httpClient } from '../../functions/providers/http.ts';
import {
  PASSWORD_VERDICTS,
  isConfined,
  tokenVerdicts as npmVerdicts,
} from '../../functions/providers/npm-registry/verdicts.ts';
import {
  ADMIN_VERDICTS as OKTA_ADMIN,
  introspectionVerdicts,
  tokenVerdicts as oktaVerdicts,
} from '../../functions/providers/okta/verdicts.ts';
import { adminVerdicts, userVerdicts } from '../../functions/providers/rabbitmq/verdicts.ts';
import { asking, type Verdict } from '../../functions/providers/verdicts.ts';

type Outcome = Probe['outcome'];
interface Row {
  readonly status: number;
  readonly body: unknown;
  readonly is: Outcome | Probe;
}

async function said(
  verdicts: readonly Verdict[],
  { status, body }: Pick<Row, 'status' | 'body'>,
): Promise<Probe> {
  const http = httpClient({
    origin: 'https://issuer.example',
    tools: {
      fetch: async () => Response.json(body, { status }),
      now: () => 0,
      sleep: async () => {},
      uuid: () => crypto.randomUUID(),
    },
  });
  return asking({ http, request: { method: 'GET', path: '/x' }, verdicts });
}

/**
 * Each row at its status; and, where it is a verdict, its body at no other status, its status with no other
 * body, and no field of it left out.
 */
function defines(
  name: string,
  verdicts: readonly Verdict[],
  rows: readonly Row[],
  statuses: readonly number[] = [200, 201, 400, 401, 403, 404],
): void {
  describe(name, () => {
    for (const row of rows)
      it(
        `${row.status} ${JSON.stringify(row.body)} is ` +
          (typeof row.is === 'string' ? row.is : row.is.outcome),
        async () => {
          const probe = await said(verdicts, row);
          if (typeof row.is === 'string') assert.equal(probe.outcome, row.is);
          else assert.deepEqual(probe, row.is);
          if (probe.outcome === 'unknown') return;
          for (const status of statuses.filter(
            (one) => !rows.some((other) => other.status === one && other.body === row.body),
          ))
            assert.equal((await said(verdicts, { ...row, status })).outcome, 'unknown', String(status));
          for (const field of fieldsOf(row.body)) {
            const { [field]: _left, ...rest } = row.body as Record<string, unknown>;
            if (!OPTIONAL.has(field))
              assert.equal(
                (await said(verdicts, { ...row, body: rest })).outcome,
                'unknown',
                `without ${field}`,
              );
            assert.equal(
              (await said(verdicts, { ...row, body: { ...rest, [field]: {} } })).outcome,
              'unknown',
              `with another ${field}`,
            );
          }
        },
      );

    it('knows nothing by an answer that says nothing', async () => {
      for (const status of statuses)
        for (const body of [{}, null, 'text', { error: 'x' }, { message: 'x' }, [{}]])
          assert.equal(
            (await said(verdicts, { status, body })).outcome,
            'unknown',
            `${status} ${JSON.stringify(body)}`,
          );
    });

    it('names a source for each', () => assert.ok(verdicts.every(({ source }) => source.length > 0)));
  });
}

/** Fields that answers may leave out. */
const OPTIONAL = new Set(['last_used_at', 'scope', 'urls']);

function fieldsOf(body: unknown): string[] {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.keys(body) : [];
}

const TOKEN = {
  id: 7,
  name: 'x',
  active: true,
  revoked: false,
  created_at: '2026-01-05T09:00:00Z',
  expires_at: '2026-03-05',
  last_used_at: null,
  scopes: ['read_api', 'api'],
  user_id: 9,
};
const invalid = (description: string) => ({ error: 'invalid_token', error_description: description });

defines('GitLab, of the token that asks', GITLAB, [
  {
    status: 200,
    body: TOKEN,
    is: { outcome: 'active', scopes: ['api', 'read_api'], expiresAt: Date.UTC(2026, 2, 5) },
  },
  {
    status: 200,
    body: { ...TOKEN, expires_at: null },
    is: { outcome: 'active', scopes: ['api', 'read_api'] },
  },
  {
    status: 200,
    body: { ...TOKEN, active: false },
    is: { outcome: 'unknown', reason: 'GitLab accepted a token that it calls inactive.' },
  },
  {
    status: 200,
    body: { ...TOKEN, revoked: true },
    is: { outcome: 'unknown', reason: 'GitLab accepted a token that it calls inactive.' },
  },
  { status: 200, body: { ...TOKEN, active: false, revoked: true }, is: 'unknown' },
  {
    status: 401,
    body: invalid('Token was revoked. You have to re-authorize from the user.'),
    is: { outcome: 'inactive' },
  },
  {
    status: 401,
    body: invalid('Token is expired. You can either do re-authorization or token refresh.'),
    is: { outcome: 'inactive' },
  },
  { status: 401, body: { message: '401 Unauthorized' }, is: { outcome: 'inactive' } },
  { status: 401, body: { message: '401 Unauthorized', more: 1 }, is: 'unknown' },
  { status: 401, body: { message: 'Unauthorized' }, is: 'unknown' },
  { status: 401, body: invalid('Impersonation is disabled.'), is: 'unknown' },
  {
    status: 401,
    body: { error: 'something_else' },
    is: {
      outcome: 'unknown',
      reason:
        'issuer.example answered 401 to GET /x with something that says neither yes nor no to the value.',
    },
  },
  {
    status: 401,
    body: { error: 'dpop_error' },
    is: { outcome: 'unknown', reason: 'GitLab asks for a proof of possession with this token.' },
  },
]);

const PROFILE = { tfa: false, name: 'ci', email: '', email_verified: false };
const ADDRESSED = { error: 'unauthorized access' };
const NPM: readonly Row[] = [
  { status: 200, body: PROFILE, is: { outcome: 'active' } },
  {
    status: 200,
    body: { ...PROFILE, name: 'other' },
    is: { outcome: 'unknown', reason: 'The registry takes this token for one of another user than ci.' },
  },
  {
    status: 401,
    body: { message: 'You must be logged in to publish packages.' },
    is: { outcome: 'inactive' },
  },
  { status: 401, body: { message: 'You must be logged in to publish packages.', more: 1 }, is: 'unknown' },
  { status: 403, body: { ...ADDRESSED, more: 1 }, is: 'unknown' },
];
defines('the registry, of a token that is taken from anywhere', npmVerdicts('ci', false), [
  ...NPM,
  { status: 403, body: ADDRESSED, is: { outcome: 'inactive' } },
]);
defines('the registry, of a token that is taken from some addresses', npmVerdicts('ci', true), [
  ...NPM,
  {
    status: 403,
    body: ADDRESSED,
    is: {
      outcome: 'unknown',
      reason:
        'The registry refuses the token as it refuses one that is asked about from outside of its ' +
        'networks (cidr).',
    },
  },
]);
defines('the registry, of a user and password', PASSWORD_VERDICTS, [
  { status: 200, body: { objects: [] }, is: { outcome: 'active' } },
  { status: 401, body: { error: 'no credentials provided' }, is: { outcome: 'inactive' } },
  { status: 401, body: { error: 'no credentials provided', more: 1 }, is: 'unknown' },
]);

it('a grant of the registry with addresses is confined, and one without is not', () =>
  assert.deepEqual([isConfined({ cidr: [] }), isConfined({ cidr: ['10.0.0.0/8'] })], [false, true]));

const BAD_SECRET = {
  error: 'invalid_client',
  error_description: 'The client secret supplied for a confidential client is invalid.',
};
const NO_CLIENT =
  'Okta does not know the client c1, or cannot tell it from its secret: correct app or clientId in the ' +
  'grant.';
const OKTA: readonly Row[] = [
  { status: 401, body: BAD_SECRET, is: { outcome: 'inactive' } },
  {
    status: 401,
    body: { ...BAD_SECRET, error_description: 'No client credentials found.' },
    is: { outcome: 'unknown', reason: NO_CLIENT },
  },
  { status: 401, body: { errorCode: 'invalid_client' }, is: { outcome: 'unknown', reason: NO_CLIENT } },
  ...[400, 401, 403].flatMap((status) =>
    [
      'invalid_request',
      'invalid_scope',
      'invalid_grant',
      'unauthorized_client',
      'unsupported_grant_type',
      'access_denied',
      'invalid_dpop_proof',
      'use_dpop_nonce',
    ].map((error): Row => ({
      status,
      body: { error },
      is: {
        outcome: 'unknown',
        reason: `Okta answered ${error} to the probe: correct scopes or tokenEndpoint in the grant.`,
      },
    })),
  ),
];
defines('Okta, of a client that introspects', introspectionVerdicts('c1'), [
  { status: 200, body: { active: false }, is: { outcome: 'active' } },
  { status: 200, body: { active: true }, is: 'unknown' },
  ...OKTA,
]);
const GIVEN = { token_type: 'Bearer', expires_in: 3600, access_token: 'x' };
defines('Okta, of a client that asks for a token', oktaVerdicts('c1'), [
  { status: 200, body: GIVEN, is: { outcome: 'active' } },
  { status: 200, body: { ...GIVEN, scope: 'b a' }, is: { outcome: 'active', scopes: ['a', 'b'] } },
  { status: 200, body: { ...GIVEN, access_token: '' }, is: 'unknown' },
  ...OKTA,
]);
const code = (errorCode: string) => ({ errorCode, errorSummary: 'x', errorId: 'y' });
defines('Okta, of an API token', OKTA_ADMIN, [
  {
    status: 200,
    body: [{ id: 's1', status: 'ACTIVE', created: '2026-01-05T09:00:00Z' }],
    is: { outcome: 'active' },
  },
  { status: 404, body: code('E0000007'), is: { outcome: 'active' } },
  { status: 401, body: code('E0000011'), is: { outcome: 'inactive' } },
  { status: 403, body: code('E0000006'), is: { outcome: 'inactive' } },
  { status: 404, body: code('E0000022'), is: 'unknown' },
]);

const REFUSED = { error: 'not_authorized', reason: 'Login failed' };
const UNTAGGED = { error: 'not_authorised', reason: 'Not management user' };
const RABBITMQ: readonly Row[] = [
  { status: 401, body: REFUSED, is: { outcome: 'inactive' } },
  { status: 401, body: { ...REFUSED, reason: 'Not_Authorized' }, is: { outcome: 'inactive' } },
  { status: 401, body: { ...REFUSED, more: 1 }, is: 'unknown' },
  { status: 401, body: { ...UNTAGGED, reason: 'User can only log in via localhost' }, is: 'unknown' },
  { status: 200, body: { name: 'somebody-else', tags: [] }, is: 'unknown' },
];
defines('RabbitMQ, of a user', userVerdicts('svc-a'), [
  { status: 200, body: { name: 'svc-a', tags: ['management'] }, is: { outcome: 'active' } },
  { status: 200, body: { name: 'svc-a', tags: '' }, is: { outcome: 'active' } },
  { status: 401, body: UNTAGGED, is: { outcome: 'active' } },
  ...RABBITMQ,
]);
defines('RabbitMQ, of an administrator', adminVerdicts('keyturn'), [
  { status: 200, body: { name: 'keyturn', tags: ['administrator'] }, is: { outcome: 'active' } },
  {
    status: 200,
    body: { name: 'keyturn', tags: ['monitoring'] },
    is: {
      outcome: 'unknown',
      reason: 'RabbitMQ accepts the user of the admin secret, who lacks the tag administrator.',
    },
  },
  { status: 401, body: UNTAGGED, is: 'unknown' },
  ...RABBITMQ,
]);
