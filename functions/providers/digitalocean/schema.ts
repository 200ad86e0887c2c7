import * as z from 'zod';

const idOf = (what: string) => z.string().regex(/^[\w-]{20,64}$/, `must be the uuid of a ${what}`);

/** A token is of one user in one team. */
export const Member = z.strictObject({ team: idOf('team'), user: idOf('user') });

export const Grant = z.strictObject({});

/** Source: docs.digitalocean.com, "Get User Information". */
export const Self = z.object({
  account: z.object({
    uuid: z.string().min(1),
    email: z.string().min(1),
    team: z.object({ uuid: z.string().min(1) }),
  }),
});

/** Both spellings are seen. Source: digitalocean/openapi, and answers of 2026 as users report them. */
export const Refused = z.strictObject({
  id: z.string().regex(/^unauthorized$/i),
  message: z.string().regex(/^Unable to authenticate you\.?$/),
  request_id: z.string().optional(),
});
