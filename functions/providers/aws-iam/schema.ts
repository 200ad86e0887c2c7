import * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';
import { IsoInstant, Value } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

/** Both parts of an access key, as consumers get them: its id, a colon and the secret. */
export const Admin = z.strictObject({ access_key: AdminSecret });

const USER = /^arn:aws(?:-cn|-us-gov)?:iam::(\d{12}):user\/(?:[!-.0-~]+\/)*([\w+=,.@-]{1,64})$/;
export const User = z.strictObject({
  user: z
    .string()
    .regex(USER, 'must be the ARN of an IAM user, such as arn:aws:iam::111122223333:user/ci-deploy'),
});
export type User = z.infer<typeof User>;
export const Grant = z.strictObject({});

/** The account and the name in the ARN of a user. */
export function userOf({ user }: User): { readonly account: string; readonly name: string } {
  const [, account = '', name = ''] = USER.exec(user) ?? [];
  return { account, name };
}

/** What answers of the Query protocol begin with: their own name, and their result in it. */
const answerOf = <T extends z.ZodType>(action: string, result: T) =>
  z
    .object({ [`${action}Response`]: z.object({ [`${action}Result`]: result }) })
    .transform((answer) => answer[`${action}Response`]?.[`${action}Result`])
    .pipe(z.custom<z.output<T>>((found) => found !== undefined));

/** An action without a result says no more than that it was done. */
export const doneOf = (action: string) =>
  z.object({
    [`${action}Response`]: z.strictObject({
      xmlns: z.string(),
      ResponseMetadata: z.object({ RequestId: z.string().min(1) }),
    }),
  });

const STATES = { Active: 'active', Inactive: 'disabled', Expired: 'expired' } as const;

const Key = z
  .object({
    UserName: z.string(),
    AccessKeyId: z.string().regex(/^\w{16,128}$/),
    Status: z.enum(['Active', 'Inactive', 'Expired']),
    CreateDate: IsoInstant,
  })
  .transform((key) => ({
    id: key.AccessKeyId,
    state: STATES[key.Status],
    createdAt: key.CreateDate,
    owner: key.UserName,
  }));

/** Neither part is of use alone, so both are the value. */
export const MadeKey = answerOf(
  'CreateAccessKey',
  z.object({ AccessKey: z.object({ AccessKeyId: z.string().min(1), SecretAccessKey: Value }) }),
).transform(({ AccessKey: { AccessKeyId: id, SecretAccessKey: secret } }) => ({
  id,
  value: secret && new Secret(`${id}:${secret.reveal()}`),
}));
export const NewKey = answerOf('CreateAccessKey', z.object({ AccessKey: Key })).transform(
  ({ AccessKey }) => AccessKey,
);

/** A list in XML: nothing, one element, or several. */
const Keys = z.union([
  z.literal('').transform(() => []),
  z.strictObject({ member: z.array(Key) }).transform(({ member }) => member),
  z.strictObject({ member: Key }).transform(({ member }) => [member]),
]);

const Page = answerOf(
  'ListAccessKeys',
  z.discriminatedUnion('IsTruncated', [
    z.object({ IsTruncated: z.literal('false'), AccessKeyMetadata: Keys }),
    z.object({
      IsTruncated: z.literal('true'),
      AccessKeyMetadata: Keys,
      Marker: z.string().min(1),
    }),
  ]),
);
export const KeyPage = Page.transform(({ AccessKeyMetadata: keys }) => keys);
export const NextPage = Page.transform((page) => ('Marker' in page ? page.Marker : undefined));

/** Who signed a request. */
export const Caller = answerOf(
  'GetCallerIdentity',
  z.object({ Arn: z.string(), UserId: z.string().min(1), Account: z.string().regex(/^\d{12}$/) }),
);

/** A refusal. Source: the schema of errors in the IAM API Reference, "Making query requests". */
export const refusedAs = (code: string, message: RegExp) =>
  z.object({
    ErrorResponse: z.object({
      Error: z.object({
        Type: z.literal('Sender'),
        Code: z.literal(code),
        Message: z.string().regex(message),
      }),
    }),
  });

/** An id that AWS shows in its documentation and gives to nobody. */
const NO_KEY = 'AKIAIOSFODNN7EXAMPLE';

/** The two parts of a value; a text of another form is taken for the secret alone. */
export function partsOf(value: Secret): { readonly keyId: string; readonly secretKey: Secret } {
  const [, keyId, secretKey] = /^(AKIA[A-Z0-9]{12,124}):(.+)$/s.exec(value.reveal()) ?? [];
  if (keyId === undefined || secretKey === undefined) return { keyId: NO_KEY, secretKey: value };
  return { keyId, secretKey: new Secret(secretKey) };
}
