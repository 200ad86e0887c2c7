import * as z from 'zod';
import type { Verdict } from '../verdicts.ts';
import { IsoDay } from './schema.ts';

/**
 * The admin credential's own record. Source: docs.gitlab.com, "Personal access tokens API", "Self-inform".
 */
export const SELF = '/api/v4/personal_access_tokens/self';

const GUARD = 'gitlabhq/gitlabhq, lib/api/api_guard.rb';

const invalidToken = (description: string) =>
  z.object({ error: z.literal('invalid_token'), error_description: z.literal(description) });

/** What GitLab says of the admin credential: as for its access tokens, in the literal words of its guard. */
export const ADMIN_VERDICTS: readonly Verdict[] = [
  {
    outcome: 'alive',
    status: 200,
    body: z
      .object({ active: z.literal(true), revoked: z.literal(false), expires_at: IsoDay.nullable() })
      .transform(({ expires_at: expiresAt }) => (expiresAt === null ? {} : { expiresAt })),
    source: 'docs.gitlab.com, "Personal access tokens API", "Self-inform"',
  },
  {
    outcome: 'refused',
    status: 401,
    body: invalidToken('Token was revoked. You have to re-authorize from the user.'),
    source: `${GUARD}, RevokedError`,
  },
  {
    outcome: 'refused',
    status: 401,
    body: invalidToken('Token is expired. You can either do re-authorization or token refresh.'),
    source: `${GUARD}, ExpiredError`,
  },
  {
    outcome: 'refused',
    status: 401,
    body: z.strictObject({ message: z.literal('401 Unauthorized') }),
    source: 'gitlabhq/gitlabhq, lib/api/helpers.rb, unauthorized!: a token that is not known',
  },
];
