import * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';
import { IsoInstant } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

export const Admin = z.strictObject({ token: AdminSecret });
export const Runner = z.strictObject({
  runner: z.int('must be the id of a runner, which is a number').positive(),
});

/** Null for one that never ends. */
const Ends = { token_expires_at: IsoInstant.nullish().transform((at) => at ?? undefined) };

/** Which runner a token is of. */
export const Verified = z.object({ id: z.int().positive(), ...Ends });

/** The token of a runner, made anew. GitLab names no runner in this answer. */
export const Reset = z
  .object({ token: z.string().min(1), ...Ends })
  .transform(({ token, token_expires_at: expiresAt }) => ({
    value: new Secret(token),
    ...(expiresAt !== undefined && { expiresAt }),
  }));

/** A gateway says "Forbidden" without the number. */
export const Forbidden = z.strictObject({ message: z.literal('403 Forbidden') });

/** The runner that the admin credential is asked about. */
export const Details = z.object({ id: z.int().positive(), runner_type: z.string() });
