import * as z from 'zod';
import type { Verdict } from './verdicts.ts';

const GUARD = 'gitlabhq/gitlabhq, lib/api/api_guard.rb';

/**
 * A refusal of the token as the guard of GitLab's API words it; a later version may word it otherwise, and is
 * then not understood.
 */
const invalidToken = (description: string) =>
  z.object({ error: z.literal('invalid_token'), error_description: z.literal(description) });

/** How GitLab's API refuses a personal, project or group access token, whichever provider asks about one. */
export const GITLAB_REFUSALS: readonly Verdict[] = [
  {
    outcome: 'inactive',
    status: 401,
    body: invalidToken('Token was revoked. You have to re-authorize from the user.'),
    source: `${GUARD}, RevokedError`,
  },
  {
    outcome: 'inactive',
    status: 401,
    body: invalidToken('Token is expired. You can either do re-authorization or token refresh.'),
    source: `${GUARD}, ExpiredError`,
  },
  // Of a value that is in no row of GitLab's: never made, or deleted since. A gateway says "Unauthorized"
  // without the number.
  {
    outcome: 'inactive',
    status: 401,
    body: z.strictObject({ message: z.literal('401 Unauthorized') }),
    source:
      'gitlabhq/gitlabhq, lib/gitlab/auth/auth_finders.rb, find_personal_access_token; ' +
      'lib/api/helpers.rb, unauthorized!',
  },
];
