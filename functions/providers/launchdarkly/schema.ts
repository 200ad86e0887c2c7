import * as z from 'zod';
import { EpochMillis, Value } from '../declared/forms.ts';
import { GrantValue } from '../grant-values.ts';

const Id = z.string().regex(/^[0-9a-f]{24}$/, 'must be an id of 24 hexadecimal digits');

/** The admin secret holds its credentials in the grants. */
export const Admin = z.strictObject({});

/** LaunchDarkly's paths name no account: the token says which one it is of. */
export const Account = z.strictObject({ account: Id, token: GrantValue });

const ApiVersion = z.int().min(20_160_101).max(99_991_231);

/** One of both: a role of LaunchDarkly's own, or custom ones. */
export const Grant = z
  .strictObject({
    role: z.enum(['reader', 'writer', 'admin']).optional(),
    customRoleIds: z.array(Id).min(1).optional(),
    apiVersion: ApiVersion,
  })
  .refine(({ role, customRoleIds }) => (role === undefined) !== (customRoleIds === undefined), {
    path: ['role'],
    message: 'must stand there, or customRoleIds must: one of both',
  });
type Grant = z.infer<typeof Grant>;

/** What a token may do, as words. */
export function wordsOf({ role, customRoleIds = [] }: Pick<Grant, 'role' | 'customRoleIds'>): string[] {
  return [...(role === undefined ? [] : [role]), ...customRoleIds];
}

const Token = z.object({
  _id: z.string().min(1),
  name: z.string().optional(),
  creationDate: EpochMillis,
  role: z.string().optional(),
  customRoleIds: z.array(z.string()).optional(),
  inlineRole: z.array(z.unknown()).optional(),
});

/** A token lives as long as it is listed. */
const Entry = Token.transform(({ _id: id, name, creationDate, role, customRoleIds, inlineRole }) => ({
  id,
  name,
  state: 'active' as const,
  createdAt: creationDate,
  scopes: [
    ...(role ? [role] : []),
    ...(customRoleIds ?? []),
    ...((inlineRole ?? []).length > 0 ? ['an inline policy'] : []),
  ],
}));

export const MadeToken = z
  .object({ _id: z.string().min(1), token: Value })
  .transform(({ _id: id, token }) => ({ id, value: token }));
export const NewEntry = Entry;

/** What else a consumer would notice. */
export const Kind = z.object({ serviceToken: z.literal(true), defaultApiVersion: z.int() });

/** An account without tokens has no one who could ask. */
export const TokenPage = z.object({ items: z.array(Entry) }).transform(({ items }) => items);

/** Who asks. */
export const Caller = z.object({ accountId: z.string().min(1), tokenId: z.string().min(1) });

export const Invalid = z.object({
  code: z.literal('unauthorized'),
  message: z.string().regex(/^invalid access token$/i),
});
