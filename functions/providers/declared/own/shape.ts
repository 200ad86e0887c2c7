import * as z from 'zod';
import { OWN_ID_FIX, isOwnId } from '../../../core/issuer/own-issuers.ts';
import { AdminFacts, Evidence, Facts } from './fact-form.ts';
import { Calls } from './call-form.ts';
import { Field, FieldName } from './grant-form.ts';
import { fields, one, text, words } from './notation.ts';

const GRANT = 'write fields with is: and example:';

/** What each field of the file may hold by itself. */
export const Shape = fields({
  version: z.literal(1, { error: 'write version: 1' }).meta({ description: 'The layout of this file.' }),
  id: z
    .string({ error: OWN_ID_FIX })
    .refine(isOwnId, { error: OWN_ID_FIX })
    .meta({
      description: 'Its id, as settings, tags and names of functions have it.',
      examples: ['own-hub'],
    }),
  title: words('write what its credentials are called, in one line', 60),
  rotates: words('write what is rotated, in one line').meta({ description: 'Such as: Tokens of a user.' }),
  docs: text(
    /^https:\/\/[^\s/@?#]+(\/[^\s@]*)?$/,
    'write the https address of the page that describes the requests',
  ),
  facts: Facts,
  account: fields({
    fields: z
      .record(FieldName, Field, { error: GRANT })
      .default({})
      .meta({ description: 'The fields of a grant that name its account.' }),
    name: text(
      /^([\w.~-]|\{[\w.]*\})+(\/([\w.~-]|\{[\w.]*\})+)*$/,
      'write the account as handles have it, like users/{account.user}',
    ).meta({ description: 'The account in one text; recorded with each credential.' }),
  }),
  grant: z
    .record(FieldName, Field, { error: GRANT })
    .default({})
    .meta({ description: 'The fields of a grant beside those, such as scopes.' }),
  ids: fields({
    is: one('name', 'number', 'uuid').meta({ description: 'How the issuer writes ids of credentials.' }),
    return: z
      .boolean({ error: 'write true or false' })
      .default(false)
      .meta({ description: 'Whether the issuer gives an id out again after a deletion.' }),
  }),
  admin: fields({ ...AdminFacts.shape, auth: Calls.auth }),
  examine: Calls.examine.meta({ description: 'How the issuer is asked about the admin credential.' }),
  create: Calls.create.meta({ description: 'How a credential is made; always a POST.' }),
  list: Calls.list.meta({ description: "How the account's credentials are listed; always a GET." }),
  revoke: Calls.revoke.meta({ description: 'How a credential is revoked.' }),
  check: Calls.check.meta({ description: 'How the issuer is asked about a value, with the value alone.' }),
  evidence: Evidence,
});
export type OwnIssuer = z.output<typeof Shape>;
