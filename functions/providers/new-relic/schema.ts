import * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';
import { GrantValue } from '../grant-values.ts';

/** The admin secret holds its credentials in the grants: a key is shown whole to its own user alone. */
export const Admin = z.strictObject({});

const idOf = (what: string) => z.int(`must be the id of ${what}, which is a number`).positive();

export const KEY_ID = /[A-Za-z0-9_-]{1,128}/;

export const Owner = z.strictObject({
  account: idOf('an account'),
  user: idOf('a user'),
  userKey: GrantValue,
  keyId: z.string().regex(new RegExp(`^${KEY_ID.source}$`), 'must be the id of the user key beside it'),
});

/** A key may do what its user may. */
export const Grant = z.strictObject({});

/** Account and user in one text. */
export function ownerOf(account: number, user: number): string {
  return `${account}/${user}`;
}

/** NerdGraph says with status 200 that it did not do what it was asked. */
const NoErrors = z.tuple([]).nullish();

const answerOf = <T extends z.ZodType>(data: T) => z.object({ data, errors: NoErrors });

const Id = z.string().min(1);

const Key = z
  .object({
    id: Id,
    type: z.literal('USER'),
    name: z.string().nullish(),
    createdAt: z.int().nonnegative(),
    accountId: z.int(),
    userId: z.int(),
  })
  .transform(({ id, name, createdAt, accountId, userId }) => ({
    id,
    name: name ?? undefined,
    state: 'active' as const,
    createdAt: createdAt * 1_000,
    owner: ownerOf(accountId, userId),
  }));

/** A key of another user comes cut off, such as `NRAK-123...`: that is no value. */
const WholeKey = z
  .string()
  .regex(/^NRAK-[A-Z0-9]{20,60}$/)
  .transform((text) => new Secret(text))
  .optional()
  .catch(undefined);

export const MadeKey = z
  .object({
    data: z.object({
      apiAccessCreateKeys: z.object({
        createdKeys: z.tuple([z.object({ id: Id, key: WholeKey })]).rest(z.unknown()),
      }),
    }),
  })
  .transform(({ data }) => {
    const [{ id, key }] = data.apiAccessCreateKeys.createdKeys;
    return { id, value: key };
  });

export const NewEntry = answerOf(
  z.object({ apiAccessCreateKeys: z.object({ createdKeys: z.tuple([Key]), errors: NoErrors }) }),
).transform(({ data }) => data.apiAccessCreateKeys.createdKeys[0]);

const Search = answerOf(
  z.object({
    actor: z.object({
      apiAccess: z.object({
        keySearch: z.object({
          count: z.int().nonnegative(),
          nextCursor: z.string().min(1).nullable(),
          keys: z.array(Key),
        }),
      }),
    }),
  }),
).transform(({ data }) => data.actor.apiAccess.keySearch);

export const KeyPage = Search.transform(({ keys }) => keys);
export const NextCursor = Search.transform(({ nextCursor }) => nextCursor);
export const Total = Search.transform(({ count }) => count);

/** This very key was deleted, and no other. */
export const deletedOf = (id: string) =>
  answerOf(
    z.object({
      apiAccessDeleteKeys: z.object({
        deletedKeys: z.tuple([z.object({ id: z.literal(id) })]),
        errors: NoErrors,
      }),
    }),
  );

const User = z.object({ id: z.int().positive() });

/** Whose key asks. */
export const Self = answerOf(z.object({ actor: z.object({ user: User }) })).transform(
  ({ data }) => data.actor.user,
);

/** Whose key asks, and a key of that user. */
export const Own = answerOf(
  z.object({
    actor: z.object({
      user: User,
      apiAccess: z.object({
        key: z.object({
          id: Id,
          key: z.string(),
          type: z.literal('USER'),
          accountId: z.int(),
          userId: z.int(),
        }),
      }),
    }),
  }),
).transform(({ data: { actor } }) => ({ user: actor.user.id, key: actor.apiAccess.key }));

export const Invalid = z.object({
  data: z.null().optional(),
  errors: z.tuple([
    z.object({
      message: z.literal('Bad API Key or no API Key provided'),
      extensions: z.object({ error_code: z.literal('BAD_API_KEY') }),
    }),
  ]),
});
