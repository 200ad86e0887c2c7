import * as z from 'zod';
import { Value } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

export const Admin = z.strictObject({ token: AdminSecret });
export const Account = z.strictObject({
  /** The account itself without one. */
  subuser: z
    .string()
    .regex(/^[\w.@-]{1,64}$/, 'must be the name of a subuser')
    .optional(),
});
export const Grant = z.strictObject({
  scopes: z.array(z.string().regex(/^[a-z0-9_.-]+$/, 'must be a scope such as mail.send')).min(1),
});

const Key = z.object({ api_key_id: z.string().min(1), name: z.string() });
const entryOf = ({ api_key_id: id, name }: z.infer<typeof Key>) => ({
  id,
  name,
  state: 'active' as const,
});

export const MadeKey = z
  .object({ api_key_id: z.string().min(1), api_key: Value })
  .transform((made) => ({ id: made.api_key_id, value: made.api_key }));

/** SendGrid tells neither when a key was made nor when it was used. */
export const NewEntry = Key.extend({ scopes: z.array(z.string()) }).transform(entryOf);

export const KeyList = z
  .object({ result: z.array(Key.transform(entryOf)) })
  .transform(({ result }) => result);

export const Scopes = z.object({ scopes: z.array(z.string()).min(1) });
