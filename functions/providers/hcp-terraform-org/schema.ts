import * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';
import { IsoInstant } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

export const Admin = z.strictObject({ token: AdminSecret });
export const Organization = z.strictObject({
  organization: z.string().regex(/^[\w-]{1,40}$/, 'must be the name of an organization'),
});

/** Null for one that never ends. */
const Ends = { 'expired-at': IsoInstant.nullish().transform((at) => at ?? undefined) };

/** The token of an organization, without its value. */
export const Shown = z.object({
  data: z.object({
    type: z.literal('authentication-tokens'),
    attributes: z.object({ 'created-at': IsoInstant, ...Ends }),
  }),
});

/** The new one, with its value. */
export const Made = z
  .object({
    data: z.object({
      type: z.literal('authentication-tokens'),
      attributes: z.object({ token: z.string().min(1), ...Ends }),
    }),
  })
  .transform(({ data: { attributes } }) => ({
    value: new Secret(attributes.token),
    ...(attributes['expired-at'] !== undefined && { expiresAt: attributes['expired-at'] }),
  }));

export const Unauthorized = z.strictObject({
  errors: z.tuple([z.strictObject({ status: z.literal('401'), title: z.literal('unauthorized') })]),
});
