import * as z from 'zod';
import type { Instant } from '../../core/basics/time.ts';
import { ApplicationId } from '../databricks-login.ts';
import { EpochMillis, Value } from '../declared/forms.ts';
import { GrantValue } from '../grant-values.ts';

/** The admin secret holds its credentials in the grants. */
export const Admin = z.strictObject({});

export const Principal = z.strictObject({
  servicePrincipal: ApplicationId,
  oauthSecret: GrantValue,
});
export const Grant = z.strictObject({});

/** -1 is for ever. */
const Ending = z
  .literal(-1)
  .transform((): Instant | undefined => undefined)
  .or(EpochMillis);

/** What is listed is active until it ends: a revoked token is gone. */
const Entry = z
  .object({
    token_id: z.string().min(1),
    comment: z.string().optional(),
    creation_time: EpochMillis,
    expiry_time: Ending,
  })
  .transform((token) => ({
    id: token.token_id,
    name: token.comment,
    state: 'active' as const,
    createdAt: token.creation_time,
    expiresAt: token.expiry_time,
  }));

export const MadeToken = z
  .object({ token_info: z.object({ token_id: z.string().min(1) }), token_value: Value })
  .transform((made) => ({ id: made.token_info.token_id, value: made.token_value }));

export const NewEntry = z.object({ token_info: Entry }).transform((made) => made.token_info);

/** Without tokens the field is left out. */
export const TokenList = z
  .strictObject({})
  .transform(() => [])
  .or(z.object({ token_infos: z.array(Entry) }).transform((list) => list.token_infos));

export const Login = z
  .object({ access_token: GrantValue, token_type: z.literal('Bearer') })
  .transform((login) => login.access_token);

/** Who a token acts as. The name of a service principal is its application id. */
export const Self = z.object({ id: z.string(), userName: z.string(), active: z.literal(true) });

export const Invalid = z.object({
  error_code: z.literal(403),
  message: z.string().regex(/^Invalid access token\.( \[ReqId: [\w-]+\])?$/),
});
