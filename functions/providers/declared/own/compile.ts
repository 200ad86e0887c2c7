import * as z from 'zod';
import { AdminSecret } from '../../grants.ts';
import { UUID } from '../forms.ts';
import type { Asked, Create, List } from '../calls.ts';
import type { Revoke } from '../ending.ts';
import type { Check, Declaration } from '../declaration.ts';
import type { Identify } from '../identify.ts';
import { askedExpiry, descriptorOf } from './descriptor-of.ts';
import type { OwnIssuer } from './shape.ts';
import { fillingsAt, only, prefixed, schemaOf, type OwnAt, type OwnFields } from './own-fields.ts';
import { isRevokedInPlace } from './place-rules.ts';
import { filled, filledPath, filledTexts, placeholderOf, type Fillings } from './placeholders.ts';
import { pagesOf } from './pages-of.ts';
import { idReader, listReader, madeReader, newReader, ownerText } from './read-answers.ts';
import { adminHeaders, filledBody, valueHeaders, type OwnAdmin } from './sends.ts';
import { anotherIn, verdictsOf } from './verdicts-of.ts';
import { fits } from './where.ts';

type OwnDeclaration = Declaration<OwnAdmin, OwnFields, OwnFields>;

/** The whole of an id, by its form: nothing that could lead out of a path, or that a handle uses. */
const IDS = {
  name: /(?!\.+$)[\w.~+=-]{1,200}/,
  number: /[1-9]\d{0,18}/,
  uuid: UUID,
} as const satisfies Record<OwnIssuer['ids']['is'], RegExp>;

/**
 * The declaration that an issuer's file stands for: the same as of an issuer that is shipped, so that all
 * that holds for those holds for it.
 */
export function declarationOf(form: OwnIssuer): OwnDeclaration {
  const { account, admin, check, examine } = form;
  return {
    descriptor: descriptorOf(form),
    admin: adminSchema(form),
    place: schemaOf(account.fields),
    grant: schemaOf(form.grant),
    account: (place) => filledPath(account.name, prefixed('account', place)),
    id: IDS[form.ids.is],
    ...(form.ids.return && { idsReturn: true }),
    ...scopesOf(form),
    as: (at) => adminHeaders(admin.auth, at.admin),
    create: createOf(form),
    list: listOf(form),
    revoke: revokeOf(form),
    check: checkOf(check, form),
    identify: identifyOf(form),
    examine: (own) => [
      {
        request: {
          method: 'GET',
          path: examine.path,
          headers: adminHeaders(admin.auth, own),
          ...(examine.query && { query: examine.query }),
        },
        verdicts: verdictsOf(examine, {}),
      },
    ],
    adminValues: ({ token, password }) => [token, password].filter((value) => value !== undefined),
  };
}

function adminSchema({ admin }: OwnIssuer): z.ZodType<OwnAdmin> {
  return admin.auth.is === 'basic'
    ? z.strictObject({ user: AdminSecret, password: AdminSecret })
    : z.strictObject({ token: AdminSecret });
}

/** What a credential may do is compared only where the list tells it. */
function scopesOf({ list, grant }: OwnIssuer): Pick<OwnDeclaration, 'scopes'> {
  const [name] = Object.entries(grant).find(([, { is }]) => is === 'names') ?? [];
  if (list.entry.scopes === undefined || name === undefined) return {};
  return { scopes: (granted) => z.array(z.string()).parse(granted[name]) };
}

function createOf(form: OwnIssuer): Create<OwnAdmin, OwnFields, OwnFields> {
  const { path, query, headers, body, answer } = form.create;
  const expiry = askedExpiry(form);
  const { where } = answer;
  return {
    path: (at) => filledPath(path, fillingsAt(form, at)),
    ...(query && { query: (at: OwnAt) => filledTexts(query, fillingsAt(form, at)) }),
    ...(headers && { headers }),
    body: (asked) =>
      filledBody(body, {
        ...fillingsAt(form, asked),
        marker: asked.name,
        ...(expiry && { [expiry.placeholder]: expiry.filling(asked) }),
      }),
    made: madeReader(answer),
    entry: newReader(form),
    told: answer.entry === undefined ? 'list' : 'answer',
    ...(where && {
      differs: (
        got: { read: <T>(schema: z.ZodType<T>) => T | undefined },
        asked: Asked<OwnAdmin, OwnFields, OwnFields>,
      ) =>
        got.read(z.unknown().refine((made) => fits(made, where, fillingsAt(form, asked)))) === undefined
          ? 'something that the answer tells otherwise than create.answer.where'
          : undefined,
    }),
  };
}

function listOf(form: OwnIssuer): List<OwnAdmin, OwnFields, OwnFields> {
  const { path, query, entry, pages } = form.list;
  const { ofAccount } = entry;
  return {
    path: (at) => filledPath(path, fillingsAt(form, at)),
    ...(query && { query: (at: OwnAt) => filledTexts(query, fillingsAt(form, at)) }),
    answer: listReader(form.list),
    ...(ofAccount && {
      owner: (place: OwnFields) => {
        const fillings = prefixed('account', only(place, form.account.fields));
        return ownerText(Object.values(ofAccount).map((wanted) => wantedOf(wanted, fillings)));
      },
    }),
    pages: pagesOf(pages),
  };
}

function wantedOf(wanted: string | number | boolean | null, fillings: Fillings): unknown {
  if (typeof wanted !== 'string') return wanted;
  return placeholderOf(wanted) === undefined ? wanted : filled(wanted, fillings);
}

function revokeOf(form: OwnIssuer): Revoke<OwnAdmin, OwnFields, OwnFields> {
  const { method, path, body, done, gone, proof } = form.revoke;
  return {
    method,
    path: (at, id) => filledPath(path, { ...fillingsAt(form, at), id }),
    ...(body && { body: (id: string) => filledBody(body, { id }) }),
    done: { status: done },
    gone,
    proof,
    ...(!isRevokedInPlace(form) && { onlyOwn: true }),
  };
}

function checkOf(check: OwnIssuer['check'], form: OwnIssuer): Check<OwnAdmin, OwnFields, OwnFields> {
  const { method, path, query, auth, body } = check;
  return {
    method,
    path: (at) => filledPath(path, fillingsAt(form, at)),
    ...(query && { query }),
    headers: (value) => valueHeaders(auth, value),
    ...(body && {
      body: (value, at) => filledBody(body, { ...fillingsAt(form, at), value: value.reveal() }),
    }),
    verdicts: (at) => verdictsOf(check, fillingsAt(form, at)),
  };
}

function identifyOf({ check, account }: OwnIssuer): Identify<OwnFields> {
  const another = (place: OwnFields) => anotherIn(check, prefixed('account', only(place, account.fields)));
  return check.credential === undefined
    ? { by: 'nothing', another }
    : { by: 'answer', id: idReader(check.credential), another };
}
