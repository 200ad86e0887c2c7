import * as z from 'zod';
import { IsoInstant, Value, uuidOf } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';
import { ASKABLE, questionFor } from './questions.ts';

export const Admin = z.strictObject({ apiKey: AdminSecret, applicationKey: AdminSecret });

export const Account = z.strictObject({ serviceAccount: uuidOf('a service account') });

/** Never none: a key without scopes may do all that its account may. */
export const Grant = z.strictObject({
  scopes: z
    .array(z.string().regex(/^[a-z][a-z0-9_]{0,99}$/, 'must be the name of a permission'))
    .refine((scopes) => questionFor(scopes) !== undefined, `must hold one of ${ASKABLE.join(', ')}`),
});

/** Enough of a value to tell it from others. */
const ENDING = /^[A-Za-z0-9]{4}$/;

/** Null where it is not limited, which keys made by hand may be. */
const Scopes = z
  .array(z.string())
  .nullish()
  .transform((scopes) => scopes ?? undefined);

const Key = z
  .object({
    id: z.string().min(1),
    type: z.literal('application_keys'),
    attributes: z.object({
      name: z.string().optional(),
      created_at: IsoInstant,
      scopes: Scopes,
      last4: z.string().optional(),
    }),
  })
  .transform(({ id, attributes: { name, created_at: createdAt, scopes, last4 = '' } }) => ({
    id,
    name,
    state: 'active' as const,
    createdAt,
    scopes,
    mask: ENDING.test(last4) ? last4 : undefined,
  }));

export const MadeKey = z
  .object({
    data: z.object({
      id: z.string().min(1),
      attributes: z.object({ key: Value }).catch({ key: undefined }),
    }),
  })
  .transform(({ data: { id, attributes } }) => ({ id, value: attributes.key }));

export const NewEntry = z.object({ data: Key }).transform(({ data }) => data);

const Page = z.object({
  data: z.array(Key),
  meta: z.object({ page: z.object({ total_filtered_count: z.int().nonnegative() }) }),
});
export const KeyPage = Page.transform(({ data }) => data);
export const Total = Page.transform(({ meta }) => meta.page.total_filtered_count);
