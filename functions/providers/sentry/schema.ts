import * as z from 'zod';
import { IsoInstant, Value } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

export const Admin = z.strictObject({ token: AdminSecret });

const slugOf = (what: string) =>
  z.string().regex(/^[a-z0-9][a-z0-9_-]{0,99}$/, `must be the slug or the id of ${what}`);

export const Project = z.strictObject({
  organization: slugOf('an organization'),
  project: slugOf('a project'),
});
export const Grant = z.strictObject({});

/** Sentry shows the whole DSN as long as the key is there. `id` is its public part. */
const Key = z
  .object({
    id: z.string().min(1),
    name: z.string(),
    isActive: z.boolean(),
    dsn: z.object({ public: Value }),
    dateCreated: IsoInstant.nullable(),
  })
  .transform(({ id, name, isActive, dsn, dateCreated }) => ({
    id,
    name,
    state: isActive ? ('active' as const) : ('disabled' as const),
    value: dsn.public,
    ...(dateCreated !== null && { createdAt: dateCreated }),
  }));

export const MadeKey = z
  .object({
    id: z.string().min(1),
    dsn: z.object({ public: Value }).catch({ public: undefined }),
  })
  .transform(({ id, dsn }) => ({ id, value: dsn.public }));

export const NewEntry = Key;
export const KeyPage = z.array(Key);

/** What an update sets to a default where it is left out. */
export const KeptByUpdates = z.object({ browserSdkVersion: z.string() });

/** The token is not known. Other words, such as those for a missing one, say nothing of it. */
export const Refused = z.object({ detail: z.literal('Invalid token') });
