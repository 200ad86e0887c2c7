import * as z from 'zod';
import { Grants } from '../grant-of.ts';
import { GrantValue } from '../grant-values.ts';
import { GrantedSecret } from '../grants.ts';
import { RedissUrl } from '../hosts.ts';

const Name = z
  .string()
  .regex(/^\w[\w.-]{0,59}$/, 'must be the name of a user: letters, digits, and . _ - alone');

/** A user whose passwords serve one secret. */
const placeOf = (admin: string) =>
  z.strictObject({
    user: Name.refine((name) => name !== admin, 'must not be the user of the admin secret'),
  });
export type Place = z.infer<ReturnType<typeof placeOf>>;

/** A grant in the admin secret of this user. */
export const grantOf = (admin: string) =>
  placeOf(admin).extend({
    secret: GrantedSecret.refine(
      (name) => !name.endsWith('*'),
      'must be the exact name of one secret, since one user serves one secret',
    ),
    /** Users that served this secret before: their passwords are still checked, counted and removed. */
    formerly: z.array(placeOf(admin)).optional(),
  });
export type Grant = z.infer<ReturnType<typeof grantOf>>;

/** The admin secret. */
export const Admin = z.strictObject({
  url: RedissUrl,
  username: Name,
  password: GrantValue,
  grants: Grants,
});

/** What a user is, of all that `ACL GETUSER` tells. */
export interface User {
  readonly flags: readonly string[];
  /** SHA-256, hexadecimal. */
  readonly hashes: readonly string[];
}

/** Names and values in turn. Source: redis.io, "ACL GETUSER". */
const FoundUser = z.array(z.unknown()).transform((fields, context): User => {
  const field = (name: string): unknown =>
    fields[fields.findIndex((one, at) => at % 2 === 0 && one === name) + 1];
  const flags = Flags.safeParse(field('flags'));
  const hashes = Hashes.safeParse(field('passwords'));
  if (flags.success && hashes.success) return { flags: flags.data, hashes: hashes.data };
  context.addIssue({ code: 'custom', message: 'is no user' });
  return z.NEVER;
});
const Flags = z
  .array(z.string())
  .refine((flags) => flags.includes('on') !== flags.includes('off'), 'says neither on nor off');
const Hashes = z.array(z.string().regex(/^[0-9a-f]{64}$/));

/** Null where there is no such user. */
const UserReply = z.union([z.null(), FoundUser]);
/** The path of the ACL file; empty where there is none. */
const AclFile = z.tuple([z.literal('aclfile'), z.string()]).transform(([, path]) => path);

/** What the transport answers, to so many commands. */
const Ok = z.literal('OK');
export const NoReplies = z.strictObject({ replies: z.tuple([]) });
export const OneUser = z.strictObject({ replies: z.tuple([UserReply]) });
export const FileAndUser = z.strictObject({ replies: z.tuple([AclFile, UserReply]) });
export const FileReply = z.strictObject({ replies: z.tuple([AclFile]) });
export const Done = z.strictObject({ replies: z.tuple([Ok]) });
export const BothDone = z.strictObject({ replies: z.tuple([Ok, Ok]) });

/** The one error that a password is refused with. */
export const Refusal = z.strictObject({
  replies: z.tuple([
    z.strictObject({
      // The shorter one is that of 6.0.
      error: z.enum([
        'WRONGPASS invalid username-password pair or user is disabled.',
        'WRONGPASS invalid username-password pair',
      ]),
    }),
  ]),
});
