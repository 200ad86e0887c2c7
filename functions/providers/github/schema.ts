import * as z from 'zod';

export const Account = z.strictObject({
  /** The number of the account, which stays when its login changes. */
  userId: z.int().positive(),
});

export const Grant = z.strictObject({
  /** Of a classic token; left out for a fine-grained one, of which GitHub tells none. */
  scopes: z.array(z.string().regex(/^[a-z_:]{2,40}$/, 'must be a scope such as read:packages')).optional(),
});

/** Source: github/rest-api-description, GET /user. */
export const User = z.object({ id: z.int().positive(), login: z.string().min(1), type: z.string() });

/**
 * The words of a value that is not known, expired or revoked. Source: docs.github.com, "Troubleshooting the
 * REST API".
 */
export const BadCredentials = z.object({ message: z.literal('Bad credentials') });
