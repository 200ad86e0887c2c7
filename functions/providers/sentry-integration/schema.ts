import * as z from 'zod';

/** The user that Sentry made for an integration: its tokens are of this user. */
export const Integration = z.strictObject({
  user: z.string().regex(/^\d{1,19}$/, 'must be the id of a user, such as "4569715"'),
});

export const Grant = z.strictObject({
  scopes: z
    .array(z.string().regex(/^[a-z]+:[a-z]+$/, 'must be a scope such as org:read'))
    .min(1)
    .optional(),
});

/** Source: getsentry/sentry, src/sentry/api/endpoints/index.py. */
export const Self = z.object({
  version: z.literal('0'),
  auth: z.object({ scopes: z.array(z.string()) }),
  user: z.object({ id: z.string().min(1), email: z.string().min(1) }),
});

/** The same, asked without a token. */
export const Nobody = z.object({ version: z.literal('0'), auth: z.null(), user: z.null() });

/** Source: getsentry/sentry, src/sentry/api/authentication.py: a token that it does not know, or no more. */
export const Refused = z.strictObject({ detail: z.literal('Invalid token') });
