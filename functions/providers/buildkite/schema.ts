import * as z from 'zod';
import { railsInstant } from '../declared/forms.ts';

/** Buildkite's paths name no user: the token says whose it is. It shows no id of a user. */
export const User = z.strictObject({
  email: z.email('must be the email address of a user').transform((text) => text.toLowerCase()),
});

export const Grant = z.strictObject({
  scopes: z
    .array(z.string().regex(/^[a-z_]{3,60}$/, 'must be a scope such as read_builds'))
    .min(1)
    .optional(),
});

/** In either form that Buildkite writes instants in. */
const Ends = z.string().transform((text, context) => {
  const at = railsInstant(text) ?? Date.parse(text);
  if (!Number.isNaN(at)) return at;
  context.addIssue({ code: 'custom', message: 'is no date' });
  return z.NEVER;
});

/** Source: buildkite.com, "Access token API". */
export const Self = z.object({
  uuid: z.string().min(1),
  scopes: z.array(z.string()),
  user: z.object({
    email: z
      .string()
      .min(1)
      .transform((text) => text.toLowerCase()),
  }),
  expires_at: Ends.nullish(),
});

/** The words of a value that is not known, and of a request without one. */
export const Refused = z.strictObject({
  message: z.literal(
    'Authentication required. Please supply a valid API Access Token: ' +
      'https://buildkite.com/docs/apis/rest-api#authentication',
  ),
});

/** Source: buildkite.com, "Meta API". */
export const Meta = z.object({ webhook_ips: z.array(z.string()) });
