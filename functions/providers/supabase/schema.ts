import * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';
import { IsoInstant } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

export const Admin = z.strictObject({ token: AdminSecret });
export const Project = z.strictObject({
  project: z.string().regex(/^[a-z]{20}$/, 'must be the reference of a project, of 20 small letters'),
});
export const Grant = z.strictObject({});

/** The role that every key is given: the one that secret keys have from the start. */
export const ROLE = 'service_role';

/** A marker as a name of Supabase: small letters, digits and underscores. */
export function nameOf(marker: string): string {
  return marker.replaceAll('-', '_');
}

/** A name that has the form of a marker as that marker; any other one as it is. */
export function markerOf(name: string): string {
  return /^keyturn(_[0-9a-f]+)+$/.test(name) ? name.replaceAll('_', '-') : name;
}

/** Enough of a value to tell it from others: the fixed start, and signs that were chosen at random. */
const PREFIX = /^sb_secret_[\w-]{4,}$/;

/** A key is active as long as it is listed. */
const SecretKey = z
  .object({
    id: z.string().min(1),
    type: z.literal('secret'),
    name: z.string(),
    prefix: z.string().nullish(),
    secret_jwt_template: z.object({ role: z.string() }).nullish(),
    inserted_at: IsoInstant.nullish(),
  })
  .transform(({ id, name, prefix, secret_jwt_template: template, inserted_at: createdAt }) => ({
    id,
    name,
    state: 'active' as const,
    mask: PREFIX.test(prefix ?? '') ? (prefix ?? undefined) : undefined,
    ...(template && { scopes: [template.role] }),
    ...(typeof createdAt === 'number' && { createdAt }),
  }));

/** Keys of other types, which lists show beside those. */
const OtherKey = z
  .object({ type: z.enum(['legacy', 'publishable']), name: z.string() })
  .transform(() => undefined);

export const KeyList = z
  .array(z.union([SecretKey, OtherKey]))
  .transform((keys) => keys.filter((key) => key !== undefined));

/** A value that is not shown has dots in it, which no header takes. */
const Shown = z
  .string()
  .regex(/^[\x21-\x7e]+$/)
  .transform((text) => new Secret(text))
  .optional()
  .catch(undefined);

export const MadeKey = z
  .object({ id: z.string().min(1), api_key: Shown })
  .transform(({ id, api_key: value }) => ({ id, value }));
export const NewEntry = SecretKey;

/** What is answered to a deletion: the key that was. */
export const deletedOf = (id: string) => z.object({ id: z.literal(id), type: z.literal('secret') });

const failureOf = (code: number, errorCode: string, message: string) =>
  z.object({ code: z.literal(code), error_code: z.literal(errorCode), msg: z.literal(message) });

/** Auth looks for a user for nobody but a key with the role that may. */
export const NoSuchUser = failureOf(404, 'user_not_found', 'User not found');
export const NotAdmin = failureOf(403, 'not_admin', 'User not allowed');

/** The gateway of a project does not have the key. */
export const Unregistered = z.object({
  message: z.literal('Unregistered API key'),
  hint: z.literal('Double check the provided API key as it is not registered for this project.'),
});
