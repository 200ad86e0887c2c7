// What answers say, read by the pointers of a form. What is not as the form says fails the schema, and names
// the field.
import * as z from 'zod';
import type { CredentialState } from '../../../core/issuer/provider.ts';
import { SECOND, type Instant } from '../../../core/basics/time.ts';
import type { Entry, Made } from '../calls.ts';
import { EpochMillis, IsoInstant, Value } from '../forms.ts';
import type { EntryForm, TimeForm } from './call-form.ts';
import { askedExpiry } from './descriptor-of.ts';
import type { OwnIssuer } from './shape.ts';
import { valueAt } from './pointers.ts';
import { fits } from './where.ts';

const EpochSeconds = z
  .number()
  .nonnegative()
  .transform((seconds): Instant => Math.floor(seconds * SECOND));

/** An id as answers have it, as a text. */
const Id = z.union([z.string().min(1), z.int().nonnegative()]).transform(String);

/** One that others made may have none. */
const Name = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined);

const INSTANTS = {
  iso: IsoInstant,
  seconds: EpochSeconds,
  millis: EpochMillis,
} as const satisfies Record<TimeForm['as'], z.ZodType<Instant>>;

/**
 * How an entry is read. `list`: what is null, or has no such field, is not told; `new`: a credential that was
 * just made has all that the form names.
 */
type As = 'list' | 'new';

function time(form: TimeForm | undefined, as: As): z.ZodType<Instant | undefined> {
  if (form === undefined) return z.unknown().transform(() => undefined);
  const instant = INSTANTS[form.as];
  return as === 'new' ? instant : z.preprocess((found) => found ?? undefined, instant.optional());
}

/** An entry of the list. `owner`: what tells whose it is, where the list shows those of others. */
export function entryReader(form: EntryForm, as: As = 'list', expiryAs: As = as): z.ZodType<Entry> {
  const { id, name, createdAt, expiresAt, lastUsedAt, scopes, ofAccount } = form;
  const owners = Object.keys(ofAccount ?? {});
  return z
    .unknown()
    .transform((body): unknown => ({
      id: valueAt(body, id),
      name: valueAt(body, name),
      createdAt: createdAt && valueAt(body, createdAt.at),
      expiresAt: expiresAt && valueAt(body, expiresAt.at),
      lastUsedAt: lastUsedAt && valueAt(body, lastUsedAt.at),
      scopes: scopes === undefined ? undefined : valueAt(body, scopes),
      state: stateOf(body, form),
      owner: owners.length === 0 ? undefined : ownerText(owners.map((pointer) => valueAt(body, pointer))),
    }))
    .pipe(
      z.object({
        id: Id,
        name: as === 'new' ? z.string() : Name,
        createdAt: time(createdAt, as),
        expiresAt: time(expiresAt, expiryAs),
        lastUsedAt: time(lastUsedAt, 'list'),
        scopes: scopes === undefined ? z.undefined() : z.array(z.string()),
        state: z.enum(['active', 'revoked', 'expired', 'disabled']),
        owner: z.string().optional(),
      }),
    );
}

/** Whatever is not known as ended counts as active. */
function stateOf(body: unknown, { states }: EntryForm): CredentialState {
  return states.find(({ where }) => fits(body, where, {}))?.is ?? 'active';
}

/** Whose an entry is, as one text, from the values at the places that tell it. */
export function ownerText(values: readonly unknown[]): string {
  return JSON.stringify(values.map((value) => (typeof value === 'number' ? String(value) : (value ?? null))));
}

/** The list of an answer. */
export function listReader({ entries, entry }: OwnIssuer['list']): z.ZodType<readonly Entry[]> {
  return z
    .unknown()
    .transform((body) => valueAt(body, entries))
    .pipe(z.array(entryReader(entry)));
}

/** What must not be lost of a creation: only an answer without an id fits no more. */
export function madeReader({ id, value }: OwnIssuer['create']['answer']): z.ZodType<Made> {
  return z
    .unknown()
    .transform((body): unknown => ({ id: valueAt(body, id), value: valueAt(body, value) }))
    .pipe(z.object({ id: Id, value: Value }));
}

/** The new credential as its answer shows it: like an entry of the list, or by its id alone. */
export function newReader({ create, list }: OwnIssuer): z.ZodType<Entry> {
  const { id, name, entry } = create.answer;
  if (entry !== undefined)
    return z
      .unknown()
      .transform((body) => valueAt(body, entry))
      .pipe(entryReader(list.entry, 'new', askedExpiry({ create }) ? 'new' : 'list'));
  return z
    .unknown()
    .transform((body): unknown => ({ id: valueAt(body, id), name: name && valueAt(body, name) }))
    .pipe(z.object({ id: Id, name: name === undefined ? z.undefined() : z.string() }))
    .transform((made) => ({ ...made, state: 'active' as const }));
}

/** A text at a pointer: undefined is no text, and fails. */
export function idReader(pointer: string): z.ZodType<string> {
  return z
    .unknown()
    .transform((body) => valueAt(body, pointer))
    .pipe(Id);
}

/** A text at a pointer that may be missing at the end of something. */
export function textReader(pointer: string): z.ZodType<string | null | undefined> {
  return z
    .unknown()
    .transform((body) => valueAt(body, pointer))
    .pipe(z.string().nullish());
}

/** A number at a pointer. */
export function countReader(pointer: string): z.ZodType<number> {
  return z
    .unknown()
    .transform((body) => valueAt(body, pointer))
    .pipe(z.int().nonnegative());
}
