import * as z from 'zod';
import { parseJson } from '../../core/basics/json.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { Instant } from '../../core/basics/time.ts';
import { IsoInstant, Value } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

/** A key file in base64, as Google gives it and consumers get it. */
export const Admin = z.strictObject({ key_base64: AdminSecret });

const EMAIL = /^[a-z][a-z0-9-]{4,28}[a-z0-9]@([a-z][a-z0-9-]{4,28}[a-z0-9])\.iam\.gserviceaccount\.com$/;
export const Account = z.strictObject({
  serviceAccount: z
    .string()
    .regex(
      EMAIL,
      'must be the email address of a service account that a user created, such as ' +
        'deploy@acme-prod.iam.gserviceaccount.com',
    ),
});
export type Account = z.infer<typeof Account>;
export const Grant = z.strictObject({});

/** The name of a service account in the API. */
export function nameOf({ serviceAccount }: Account): string {
  return `projects/${EMAIL.exec(serviceAccount)?.[1] ?? ''}/serviceAccounts/${serviceAccount}`;
}

/** The last second of the year 9999 stands for no end. */
const Ending = z
  .literal('9999-12-31T23:59:59Z')
  .transform((): Instant | undefined => undefined)
  .or(IsoInstant);

const KEY_NAME = /^(projects\/[\w.:-]+\/serviceAccounts\/[\w.@-]+)\/keys\/([0-9a-f]{1,64})$/;
const KeyName = z.string().regex(KEY_NAME);
const idOf = (name: string): string => KEY_NAME.exec(name)?.[2] ?? '';

/** What is false is left out. */
const Key = z
  .object({
    name: KeyName,
    keyType: z.literal('USER_MANAGED'),
    validAfterTime: IsoInstant,
    validBeforeTime: Ending,
    disabled: z.boolean().default(false),
  })
  .transform((key) => ({
    id: idOf(key.name),
    owner: KEY_NAME.exec(key.name)?.[1] ?? '',
    state: key.disabled ? ('disabled' as const) : ('active' as const),
    createdAt: key.validAfterTime,
    expiresAt: key.validBeforeTime,
  }));

export const MadeKey = z
  .object({ name: KeyName, privateKeyData: Value })
  .transform(({ name, privateKeyData: value }) => ({ id: idOf(name), value }));
export const NewKey = Key;

/** What Google makes and uses itself. */
const OwnKey = z.object({ name: KeyName, keyType: z.literal('SYSTEM_MANAGED') }).transform(() => undefined);

/**
 * The keys that people may have, among all of an account. Google has at least one of its own there, so that
 * an answer without any is no list.
 */
export const KeyList = z
  .object({ keys: z.array(z.union([Key, OwnKey])).min(1) })
  .transform(({ keys }) => keys.filter((key) => key !== undefined));

/** Nothing but that it was done. */
export const Empty = z.strictObject({});

/** A signature by a key that is deleted, disabled, expired or of nobody. */
export const BadSignature = z.object({
  error: z.literal('invalid_grant'),
  error_description: z.literal('Invalid JWT Signature.'),
});

const KeyFile = z.object({
  type: z.literal('service_account'),
  private_key_id: z.string().regex(/^[0-9a-f]{1,64}$/),
  private_key: z.string().min(1),
  client_email: z.string().min(1),
});

/** The key file that a value is; undefined for any other text. */
export function fileIn(value: Secret): z.infer<typeof KeyFile> | undefined {
  return KeyFile.safeParse(parseJson(Buffer.from(value.reveal(), 'base64').toString())).data;
}
