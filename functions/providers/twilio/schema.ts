import * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';
import type { Instant } from '../../core/basics/time.ts';
import { Value } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

export const Admin = z.strictObject({
  user: z.string().regex(/^(AC|SK)[0-9a-fA-F]{32}$/, 'must be the SID of a main API key, or of an account'),
  token: AdminSecret,
});
export const Account = z.strictObject({
  account: z.string().regex(/^AC[0-9a-fA-F]{32}$/, 'must be the SID of an account'),
});
export const Grant = z.strictObject({});

/** Such as `Mon, 13 Jun 2016 22:50:08 +0000` (RFC 2822). */
const MailDate = z
  .string()
  .regex(/^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}$/)
  .transform((text): Instant => Date.parse(text))
  .pipe(z.number());

/** A key is active as long as it is listed. */
const Key = z
  .object({ sid: z.string().min(1), friendly_name: z.string().nullable(), date_created: MailDate })
  .transform(({ sid, friendly_name: name, date_created: createdAt }) => ({
    id: sid,
    name: name ?? undefined,
    state: 'active' as const,
    createdAt,
  }));

/** Neither part is of use alone, so both are the value. */
export const MadeKey = z.object({ sid: z.string().min(1), secret: Value }).transform(({ sid, secret }) => ({
  id: sid,
  value: secret && new Secret(`${sid}:${secret.reveal()}`),
}));
export const NewEntry = Key;

const Page = z.object({ keys: z.array(Key), next_page_uri: z.string().nullish() });
export const KeyPage = Page.transform(({ keys }) => keys);
export const NextPage = Page.transform(({ next_page_uri: next }) => next);

/** A page of messages of one at most; what is in it goes no further. */
export const OneMessage = z.object({
  messages: z.array(z.unknown()).max(1),
  page: z.literal(0),
  page_size: z.literal(1),
});
