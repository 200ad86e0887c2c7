import * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';
import { GrantValue } from '../grant-values.ts';
import { Grants } from '../grant-of.ts';
import { GrantedSecret } from '../grants.ts';
import { issuerRoot } from '../hosts.ts';

/** All paths of the HTTP API begin so. */
export const API = '/api';

const Name = z
  .string()
  .regex(/^[\w.-]{1,60}$/, 'must be the name of a user: letters, digits, and . _ - alone');

const Users = z
  .tuple([Name, Name], 'must be two names of users, which serve in turn')
  .refine(([one, other]) => one !== other, 'must be two names of users that differ');

/** Two users that serve one secret in turn. */
export const Place = z.strictObject({ users: Users });
export type Place = z.infer<typeof Place>;

/** What a user may do in a virtual host: regular expressions over names, as RabbitMQ takes them. */
const Permission = z.strictObject({
  vhost: z.string().min(1).max(255),
  configure: z.string(),
  write: z.string(),
  read: z.string(),
});
export type Permission = z.infer<typeof Permission>;

/** A grant in the admin secret of this user, who is none of those that Keyturn makes and deletes. */
export const grantOf = (admin: string) =>
  z.strictObject({
    secret: GrantedSecret.refine(
      (name) => !name.endsWith('*'),
      'must be the exact name of one secret, since two users serve one secret',
    ),
    users: Users.refine((users) => !users.includes(admin), 'must not name the user of the admin secret'),
    tags: z.array(z.string().regex(/^[\w-]+$/, 'must be one tag a text')).default([]),
    permissions: z.array(Permission).min(1),
    /** Pairs of users that served this secret before: these are still checked, counted and deleted. */
    formerly: z
      .array(Place)
      .refine(
        (places) => places.every(({ users }) => !users.includes(admin)),
        'must not name the user of the admin secret',
      )
      .optional(),
  });
export type Grant = z.infer<ReturnType<typeof grantOf>>;

/** The admin secret. */
export const Admin = z.strictObject({
  url: issuerRoot(API),
  username: z.string().regex(/^[!-9;-~]+$/, 'must be the name of a user: no spaces and no colon'),
  password: GrantValue,
  grants: Grants,
});

/** Older versions write tags as one text, with commas. */
const Tags = z.union([z.array(z.string()), z.string().transform((text) => text.split(','))]);

/** A user as the list and its own path show it. The hash is as secret as what it is made from. */
export const User = z.object({
  name: z.string(),
  password_hash: z.string().transform((text) => new Secret(text)),
  hashing_algorithm: z.string(),
  tags: Tags,
});
export type User = z.infer<typeof User>;

export const AllUsers = z.array(User);

/** Who asks, by its own name. */
export const whoIs = (name: string) => z.object({ name: z.literal(name), tags: Tags });

/** There is no such user. */
export const NotFound = z.strictObject({
  error: z.literal('Object Not Found'),
  reason: z.literal('Not Found'),
});
