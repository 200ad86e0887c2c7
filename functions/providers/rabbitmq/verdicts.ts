import * as z from 'zod';
import type { SafeReason } from '../safe-reasons.ts';
import type { Verdict } from '../verdicts.ts';
import { whoIs } from './schema.ts';

const CODE = 'rabbitmq/rabbitmq-server, rabbit_web_dispatch_access_control.erl';
const RUN = 'RabbitMQ 3.10.8, asked';

/** The user and the password are not known together. Newer versions say `Not_Authorized`. */
const REFUSED: Verdict = {
  outcome: 'inactive',
  status: 401,
  body: z.strictObject({
    error: z.literal('not_authorized'),
    reason: z.enum(['Login failed', 'Not_Authorized']),
  }),
  source: `${CODE}, not_authenticated; ${RUN}`,
};

/** What RabbitMQ says of a user who asks who it is. */
export function userVerdicts(name: string): readonly Verdict[] {
  return [
    {
      outcome: 'active',
      status: 200,
      body: whoIs(name).transform(() => ({})),
      source: `rabbitmq.com, "HTTP API Reference", GET /api/whoami; ${RUN}`,
    },
    // Tags are looked at after the password was accepted: a user without those of the HTTP API.
    {
      outcome: 'active',
      status: 401,
      body: z
        .strictObject({ error: z.literal('not_authorised'), reason: z.literal('Not management user') })
        .transform(() => ({})),
      source: `${CODE}, is_authorized; ${RUN}`,
    },
    REFUSED,
  ];
}

/** The same of the user in the admin secret, who has to be an administrator. */
export function adminVerdicts(name: string): readonly Verdict[] {
  return [
    {
      outcome: 'active',
      status: 200,
      body: whoIs(name)
        .refine(({ tags }) => tags.includes('administrator'))
        .transform(() => ({})),
      source: `rabbitmq.com, "HTTP API Reference", GET /api/whoami; ${RUN}`,
    },
    {
      outcome: 'unknown',
      status: 200,
      body: whoIs(name).transform(
        () => 'RabbitMQ accepts the user of the admin secret, who lacks the tag administrator.',
      ),
      source: RUN,
    },
    REFUSED,
  ];
}

/** RabbitMQ's own reasons that people may read. */
export const SAFE_REASONS: readonly SafeReason[] = [
  { status: 401, pattern: /Not (?:administrator|management) user/, source: CODE },
  {
    status: 400,
    pattern: /vhost_or_user_not_found/,
    says: 'it knows no such virtual host',
    source: RUN,
  },
  {
    status: 400,
    pattern: /invalid_regexp/,
    says: 'a permission in the grant is no regular expression',
    source: RUN,
  },
];
