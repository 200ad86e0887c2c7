// The fields of a grant, which name the account and say what its credentials may do.
import * as z from 'zod';
import { uuidOf } from '../forms.ts';
import { fields, one, text } from './notation.ts';

const NAMES = 'write a list of texts';

/** One field of a grant: how it is written, and an example of it. */
export const Field = z.discriminatedUnion(
  'is',
  [
    fields({ is: one('name'), example: z.string({ error: 'write an example' }) }),
    fields({ is: one('number'), example: z.number({ error: 'write an example' }) }),
    fields({ is: one('uuid'), example: z.string({ error: 'write an example' }) }),
    fields({
      is: one('choice'),
      of: z.array(text(/^[\w.:-]{1,100}$/, 'write words without spaces'), { error: NAMES }).min(1, NAMES),
      example: z.string({ error: 'write an example' }),
    }),
    fields({ is: one('names'), example: z.array(z.string(), { error: NAMES }).min(1, NAMES) }),
  ],
  { error: 'write is: name, number, uuid, choice or names, and an example' },
);
export type Field = z.output<typeof Field>;

/** What the field of a grant holds. */
export type FieldValue = string | number | readonly string[];

const RESERVED = ['secret', 'formerly', 'maxDays'];

export const FieldName = text(
  /^[a-z][A-Za-z0-9]{0,30}$/,
  'write names of fields that begin with a small letter, of letters and digits',
).refine((name) => !RESERVED.includes(name), {
  error: ({ input }) => `is named ${String(input)}, which every grant has: choose another name`,
});

/** Not `.` or `..`, which lead out of a path. */
const NAME = /^(?!\.+$)[\w.@~+-]{1,200}$/;

/** How such a field is read in the grant of an admin secret. */
export function fieldSchema(field: Field): z.ZodType<FieldValue> {
  switch (field.is) {
    case 'name':
      return z.string().regex(NAME, 'must be a name of letters, digits and ._@~+-');
    case 'number':
      return z.int().positive();
    case 'uuid':
      return uuidOf('an account');
    case 'choice':
      return z.enum(field.of, { error: `must be one of ${field.of.join(', ')}` });
    case 'names':
      return z.array(z.string().regex(/^[!-~]{1,200}$/, 'must be a name without spaces')).min(1);
  }
}
