import * as z from 'zod';
import { Grants } from '../grant-of.ts';
import { AdminSecret, GrantedSecret } from '../grants.ts';
import { issuerRoot } from '../hosts.ts';

export const Admin = z.strictObject({ url: issuerRoot(), token: AdminSecret, grants: Grants });

const Account = z.strictObject({
  organization: z.guid('must be the id of an organization, as the settings of the Console show it'),
});

export const Grant = Account.extend({
  secret: GrantedSecret,
  formerly: z.array(Account).optional(),
});
export type Grant = z.infer<typeof Grant>;

/** Source: platform.claude.com, "Get Current Organization". */
export const Organization = z.object({ id: z.guid(), type: z.literal('organization') });

/** Source: platform.claude.com, "List Models". */
export const Models = z.object({
  data: z.array(z.object({ id: z.string(), type: z.literal('model') })),
  has_more: z.boolean(),
});

/** The words of a value that is not known. Source: answers of api.anthropic.com, as users report them. */
export const Refused = z.object({
  type: z.literal('error'),
  error: z.object({ type: z.literal('authentication_error'), message: z.literal('invalid x-api-key') }),
});

/** Source: platform.claude.com, "List API Keys". An archived key never works again; an inactive one may. */
export const Key = z.object({
  id: z.string().regex(/^apikey_[A-Za-z0-9]{3,64}$/),
  type: z.literal('api_key'),
  status: z.enum(['active', 'inactive', 'archived', 'expired']),
  partial_key_hint: z.string().nullable(),
  expires_at: z.iso.datetime({ offset: true }).nullish(),
});
export type Key = z.infer<typeof Key>;

export const KeyPage = z.object({
  data: z.array(Key),
  has_more: z.boolean(),
  last_id: z.string().nullable(),
});
