import * as z from 'zod';
import { GITLAB_REFUSALS } from '../gitlab-refusals.ts';
import type { Verdict } from '../verdicts.ts';
import { IsoDay } from './schema.ts';

/**
 * The admin credential's own record. Source: docs.gitlab.com, "Personal access tokens API", "Self-inform".
 */
export const SELF = '/api/v4/personal_access_tokens/self';

/** What GitLab says of the admin credential: as for its access tokens, in the literal words of its guard. */
export const ADMIN_VERDICTS: readonly Verdict[] = [
  {
    outcome: 'active',
    status: 200,
    body: z
      .object({ active: z.literal(true), revoked: z.literal(false), expires_at: IsoDay.nullable() })
      .transform(({ expires_at: expiresAt }) => (expiresAt === null ? {} : { expiresAt })),
    source: 'docs.gitlab.com, "Personal access tokens API", "Self-inform"',
  },
  ...GITLAB_REFUSALS,
];
