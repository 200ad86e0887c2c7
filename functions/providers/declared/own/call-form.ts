// The requests of an issuer's file, and what their answers say.
import * as z from 'zod';
import { Pointer, Where, fields, one, text, whole, words } from './notation.ts';

/** Plain segments and placeholders; nothing that could lead elsewhere, and no query. */
const Path = text(
  /^(\/(?!\.{1,2}(\/|$))([\w.~:@+,;=$-]|\{[\w.]*\})+)+\/?$/,
  'write a path from the root, like /api/users/{account.user}/tokens, without query, "//" and ".."',
);

/** A query whose values may hold placeholders. */
const Query = z.record(
  text(/^[\w.[\]-]{1,60}$/, 'write names of parameters'),
  z.string({ error: 'write texts, in quotes' }).max(300),
  { error: 'write names and values' },
);

const NOT_HERE =
  /^(authorization|proxy-.*|cookie|host|connection|content-length|transfer-encoding|te|upgrade|user-agent)$/;

/** Headers of constant texts: a credential has a place of its own. */
const Headers = z.record(
  text(/^[a-z][a-z0-9-]{0,60}$/, 'write names of headers in small letters').refine(
    (name) => !NOT_HERE.test(name),
    { error: ({ input }) => `names ${String(input)}, which Keyturn sets itself: leave it out` },
  ),
  text(/^[ -~]{1,200}$/, 'write texts of ASCII characters'),
  { error: 'write names and values' },
);

type JsonValue = z.core.util.JSONType;

/** Any JSON. */
const Json: z.ZodType<JsonValue, JsonValue> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(Json), z.record(z.string(), Json)]),
);

const Body = z.union([fields({ json: Json }), fields({ form: z.record(z.string().min(1), z.string()) })], {
  error: 'write json: with the body, or form: with names and texts',
});
export type BodyForm = z.output<typeof Body>;

const Status = whole(200, 499);
const Source = words('write the page, file or run that this answer is from', 500);

/** An answer that says something of the credential that asked. */
const Verdict = fields({ status: Status, where: Where, source: Source });
export type VerdictForm = z.output<typeof Verdict>;

const Verdicts = (what: string) =>
  z.array(Verdict, { error: 'write a list of answers' }).min(1, {
    error: `is empty: name an answer by which the issuer says that ${what}`,
  });

/** How a credential is put on a request. */
const HEADER = { is: one('header'), name: text(/^[a-z][a-z0-9-]{1,60}$/, 'write the name of a header') };
const WORD = { is: one('word'), word: text(/^[A-Za-z][\w-]{0,30}$/, 'write a word, like token') };

const AdminAuth = z.discriminatedUnion(
  'is',
  [fields({ is: one('bearer') }), fields(WORD), fields(HEADER), fields({ is: one('basic') })],
  { error: 'write is: bearer, word, header or basic' },
);
export type AdminAuth = z.output<typeof AdminAuth>;

const ValueAuth = z.discriminatedUnion(
  'is',
  [
    fields({ is: one('bearer') }),
    fields(WORD),
    fields(HEADER),
    fields({ is: one('pair') }),
    fields({ is: one('body') }),
  ],
  { error: 'write is: bearer, word, header, pair or body' },
);
export type ValueAuth = z.output<typeof ValueAuth>;

const Time = fields({ at: Pointer, as: one('iso', 'seconds', 'millis') });
export type TimeForm = z.output<typeof Time>;

/** A credential as answers show it. */
export const Entry = fields({
  id: Pointer.meta({ description: "The issuer's own id of a credential, not its value." }),
  name: Pointer.meta({ description: 'The name that Keyturn gave it.' }),
  createdAt: Time.optional(),
  expiresAt: Time.optional(),
  lastUsedAt: Time.optional(),
  scopes: Pointer.optional().meta({ description: 'What it may do, in the words of the grant.' }),
  states: z
    .array(fields({ is: one('revoked', 'expired', 'disabled'), where: Where }))
    .default([])
    .meta({ description: 'How those are told that are not active; the first that fits.' }),
  ofAccount: Where.optional().meta({
    description: 'What sets those of the account apart, where the list shows others too.',
  }),
});
export type EntryForm = z.output<typeof Entry>;

const size = { parameter: text(/^[\w.[\]-]{1,60}$/, 'write the name of a parameter') };
const counted = {
  ...size,
  sizeParameter: text(/^[\w.[\]-]{1,60}$/, 'write the name of a parameter'),
  size: whole(1, 10_000),
  total: Pointer.optional().meta({ description: 'Where the answer says how many there are in all.' }),
};

const Pages = z.discriminatedUnion(
  'is',
  [
    fields({ is: one('whole'), source: words('write where the issuer documents that its list is whole') }),
    fields({ is: one('link-header') }),
    fields({ is: one('next-address'), at: Pointer }),
    fields({ is: one('cursor'), ...size, at: Pointer }),
    fields({ is: one('page'), ...counted }),
    fields({ is: one('offset'), ...counted }),
  ],
  { error: 'write is: whole, link-header, next-address, cursor, page or offset' },
);
export type PagesForm = z.output<typeof Pages>;

const Create = fields({
  path: Path,
  query: Query.optional(),
  headers: Headers.optional(),
  body: Body,
  answer: fields({
    id: Pointer,
    value: Pointer,
    name: Pointer.optional().meta({ description: 'Its name, where entry is left out.' }),
    entry: Pointer.optional().meta({
      description: 'Where the answer shows the credential as the list does; left out, the list is read.',
    }),
    where: Where.optional().meta({ description: 'What a credential has to be that is made as asked.' }),
  }),
});

const List = fields({
  path: Path,
  query: Query.optional(),
  entries: Pointer.meta({ description: 'Where the list stands in the answer.' }),
  entry: Entry,
  pages: Pages,
});

const Revoke = fields({
  method: one('DELETE', 'POST', 'PUT'),
  path: Path,
  body: Body.optional(),
  done: Status.refine((status) => status < 300, { error: 'write a status from 200 to 299' }).meta({
    description: 'The status by which the issuer says that it is revoked.',
  }),
  gone: z.array(z.union([z.literal(404), z.literal(410)], { error: 'write 404 or 410' })).default([]),
  proof: one('answer', 'list').meta({
    description: 'list: the issuer says done whatever it was asked to end, so only its list tells.',
  }),
});

const Check = fields({
  method: one('GET', 'POST').default('GET'),
  path: Path,
  query: Query.optional(),
  auth: ValueAuth,
  body: Body.optional(),
  active: Verdicts('a value is active'),
  inactive: Verdicts('a value is not active'),
  credential: Pointer.optional().meta({ description: 'Where the answer names the id of the credential.' }),
});

const Examine = fields({
  path: Path,
  query: Query.optional(),
  active: Verdicts('the admin credential is active'),
  inactive: Verdicts('the admin credential is not active'),
});

/** The five requests. */
export const Calls = {
  auth: AdminAuth,
  examine: Examine,
  create: Create,
  list: List,
  revoke: Revoke,
  check: Check,
};
