import * as z from 'zod';
import { EpochMillis, Value } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';
import { GrantValue } from '../grant-values.ts';

export const Admin = z.strictObject({ token: AdminSecret });

/** Source: spec.matrix.org, "Appendices, User identifiers". */
export const User = z.strictObject({
  user: z
    .string()
    .max(255)
    .regex(
      /^@[a-z0-9._=/+-]+:[A-Za-z0-9.:[\]-]+$/,
      'must be the whole id of a user, such as @reports:example.com',
    ),
  password: GrantValue,
});

export const Grant = z.strictObject({});

export const MadeToken = z
  .object({ device_id: z.string().min(1), access_token: Value })
  .transform((made) => ({ id: made.device_id, value: made.access_token }));

/** The answer to a login: the name of the device is read from the list. */
export const NewEntry = z
  .object({ device_id: z.string().min(1), user_id: z.string() })
  .transform(({ device_id: id }) => ({ id, state: 'active' as const }));

/** Whose a new token is. */
export const NewOwner = z.object({ user_id: z.string() });

/** A token that ends by itself: `session_lifetime` or `nonrefreshable_access_token_lifetime`. */
export const Ending = z.object({ expires_in_ms: z.number() });

/** A device: without a name and a use where nobody gave it one. What is deleted is gone. */
const Device = z
  .object({
    user_id: z.string(),
    device_id: z.string().min(1),
    display_name: z.string().nullable(),
    last_seen_ts: EpochMillis.nullable(),
  })
  .transform((device) => ({
    id: device.device_id,
    name: device.display_name ?? undefined,
    state: 'active' as const,
    lastUsedAt: device.last_seen_ts ?? undefined,
  }));

const Devices = z.object({ devices: z.array(Device), total: z.int().nonnegative() });
export const DeviceList = Devices.transform(({ devices }) => devices);
export const Total = Devices.transform(({ total }) => total);

/** Who a token acts as. One that an admin made for a user has no device. */
export const Self = z.object({
  user_id: z.string().startsWith('@'),
  is_guest: z.literal(false),
  device_id: z.string().optional(),
});

/** The answer about a token that can be told from others. */
export const SelfDevice = z.object({ device_id: z.string().min(1) }).transform(({ device_id: id }) => id);

/** Deleted, made up, or of a user who was deactivated. */
export const Invalid = z.strictObject({
  errcode: z.literal('M_UNKNOWN_TOKEN'),
  error: z.literal('Invalid access token passed.'),
  soft_logout: z.literal(false),
});

export const Expired = z.strictObject({
  errcode: z.literal('M_UNKNOWN_TOKEN'),
  error: z.literal('Access token has expired'),
  soft_logout: z.literal(true),
});

/** It comes back when an admin unlocks the user. */
export const Locked = z.strictObject({
  errcode: z.literal('M_USER_LOCKED'),
  error: z.literal('User account has been locked'),
  soft_logout: z.literal(true),
});

export const NoAdmin = z.strictObject({
  errcode: z.literal('M_FORBIDDEN'),
  error: z.literal('You are not a server admin'),
});

export const NoUser = z.strictObject({
  errcode: z.literal('M_NOT_FOUND'),
  error: z.literal('Unknown user'),
});
