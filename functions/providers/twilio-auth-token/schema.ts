import * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';
import { Value } from '../declared/forms.ts';
import { GrantValue } from '../grant-values.ts';

/** Each account is served with a key of its own. */
export const Admin = z.strictObject({});
export const Account = z.strictObject({
  account: z.string().regex(/^AC[0-9a-fA-F]{32}$/, 'must be the SID of an account'),
  // An auth token would end itself.
  user: z.string().regex(/^SK[0-9a-fA-F]{32}$/, 'must be the SID of a main API key'),
  token: GrantValue,
});
export const Grant = z.strictObject({});

/**
 * An account as it shows itself: with its primary auth token, to whoever may see that. A main account is its
 * own owner.
 */
export const Shown = z
  .object({
    sid: z.string().min(1),
    owner_account_sid: z.string(),
    status: z.enum(['active', 'suspended', 'closed']),
    auth_token: Value,
  })
  .transform(({ sid, owner_account_sid: owner, status, auth_token: primary }) => ({
    sid,
    status,
    primary,
    isMain: owner === sid,
  }));

/** A refusal of user and password, or of the account. */
export const Unauthenticated = z.object({ code: z.literal(20_003), message: z.literal('Authenticate') });

/** The admin key is none that Twilio knows. */
export const UnknownUser = z.object({
  code: z.literal(20_003),
  message: z.literal('Authentication Error - invalid username'),
});

const Token = z
  .string()
  .min(1)
  .transform((text) => new Secret(text));

export const Secondary = z
  .object({ account_sid: z.string(), secondary_auth_token: Token })
  .transform(({ account_sid: sid, secondary_auth_token: value }) => ({ sid, value }));

export const Promoted = z
  .object({ account_sid: z.string(), auth_token: Token })
  .transform(({ account_sid: sid, auth_token: value }) => ({ sid, value }));
