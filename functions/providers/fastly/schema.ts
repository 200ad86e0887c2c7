import * as z from 'zod';
import { IsoInstant } from '../declared/forms.ts';

/** Fastly's paths name no user: the token says whose it is. */
export const User = z.strictObject({
  user: z.string().regex(/^\w{8,64}$/, 'must be the id of a user, as /tokens/self shows it'),
});

/** Source: fastly.com, "User tokens", scopes. */
const Scope = z.enum(['global', 'global:read', 'purge_all', 'purge_select']);

export const Grant = z.strictObject({ scopes: z.array(Scope).min(1).optional() });

/** Source: fastly/fastly-js, docs/TokenResponse.md. Without an expiry it is null, or left out. */
export const Self = z.object({
  id: z.string().min(1),
  user_id: z.string().min(1),
  scope: z.string().optional(),
  expires_at: IsoInstant.nullish(),
});

/** The words of a value that is not known, and of a request without one. */
export const Refused = z.strictObject({ msg: z.literal('Provided credentials are missing or invalid') });
