import type { ObjectNode, StringNode } from '@humanwhocodes/momoa';
import * as z from 'zod';
import { KeyturnError } from '../basics/errors.ts';
import { valueOf } from '../issuer/identity.ts';
import { MadeAt } from '../issuer/reach.ts';
import { Secret } from '../basics/secret.ts';
import { TAGS } from '../policy/tags.ts';
import { hintsIn } from './hints.ts';
import { STAMP_FIELD, pathText } from '../policy/value-notation.ts';
import { placeNoted, type ValuePlace } from './value-place.ts';
import { wrappingOf, type Wrapping } from './value-shape.ts';
import { memberOf, objectIn, spanOf, type Span } from './spans.ts';
import { kept } from '../basics/record.ts';

/**
 * What Keyturn notes beside a credential it made, inside the secret itself, so that nothing safety needs is lost with the table.
 * `seal` is an HMAC under a key that owners of secrets cannot use: a stamp that someone copied or wrote does not verify. It covers the members that are named here;
 * those of a later version are read past, and nothing is decided by them.
 */
export const Stamp = kept({
  handle: z.string().min(1).optional(),
  mintedAt: z.number(),
  expiresAt: z.number().optional(),
  seal: z.string().min(1),
  /** Where it was made. */
  reach: MadeAt.optional(),
  /** Where the value stands, if it is not the provider's own field. */
  field: z.string().optional(),
  format: z.string().optional(),
});
export type Stamp = z.infer<typeof Stamp>;

/** The text of a secret version, and what was understood of it. */
export interface Payload {
  readonly text: Secret;
  readonly place: ValuePlace;
  /** `empty` holds nothing that could be lost, so that it gets its first credential; only `json` can carry a stamp. */
  readonly form: 'empty' | 'plain' | 'json';
  /** The credential, without white space around it. */
  readonly value: Secret | undefined;
  readonly stamp: Stamp | undefined;
  /** What stands beside the value in the fields of the provider's companions, those that are there and not empty; not secret. */
  readonly beside: Readonly<Record<string, string>>;
}

/**
 * Reads the text of a secret version. What holds no value and is not empty either is an error, so that nothing is made beside it or written over it.
 * Empty is: no text at all; an object without a field; an object, or a text with its format, in which nothing but the place of the value stands, and that empty.
 * Errors: `secret-invalid`, with what the text looks like and what to write.
 */
export function parsePayload(text: Secret, place: ValuePlace): Payload {
  if (place.fault !== undefined) throw new KeyturnError('secret-invalid', place.fault);
  const inner = valueOf(text.reveal());
  const read = { text, place, stamp: undefined, value: undefined, beside: {} };
  if (inner === '') return { ...read, form: 'empty' };
  if (!inner.startsWith('{')) return { ...read, ...plainIn(inner, place) };
  const root = objectIn(inner);
  const stamp = stampIn(root, inner);
  const node = leafIn(root, place.path);
  const beside = companionsIn(root, place);
  if (node === undefined && !isVacant(root, place)) throw missing(root, inner, place);
  const span = node && spanIn(node.value, place, true);
  if (node && span === undefined && !isVacant(root, place)) throw emptyBeside(place);
  if (!node || !span) return { ...read, form: 'empty' };
  return { ...read, form: 'json', value: new Secret(sliced(node.value, span)), stamp, beside };
}

/** The same text, read where its own stamp says that the value stands; undefined where it has none. Whoever takes this for true has to verify the seal. */
export function parseWhereStamped({ text, place }: Pick<Payload, 'text' | 'place'>): Payload | undefined {
  const inner = valueOf(text.reveal());
  if (!inner.startsWith('{')) return undefined;
  const stamp = stampIn(objectIn(inner), inner);
  const noted = stamp && placeNoted(stamp, place);
  return noted && parsePayload(text, noted);
}

function stampIn(root: ObjectNode, inner: string): Stamp | undefined {
  const member = memberOf(root, STAMP_FIELD);
  return member && Stamp.safeParse(JSON.parse(sliced(inner, spanOf(member.value)))).data;
}

function plainIn(inner: string, place: ValuePlace): Pick<Payload, 'form' | 'value'> {
  if (place.isNamed)
    throw new KeyturnError(
      'secret-invalid',
      `The secret is no JSON object, and its tag ${TAGS.field} names a field of one: store JSON with the field "${pathText(place.path)}", or remove the tag.`,
    );
  const span = spanIn(inner, place, false);
  return span
    ? { form: 'plain', value: new Secret(sliced(inner, span)) }
    : { form: 'empty', value: undefined };
}

function sliced(text: string, { start, end }: Span): string {
  return text.slice(start, end);
}

/**
 * The string at the end of a path; undefined where the path leads nowhere.
 * Errors: `secret-invalid` for a field that is there twice, a list on the way, and a value that is no string.
 */
export function leafIn(root: ObjectNode, path: readonly string[]): StringNode | undefined {
  let object = root;
  for (const [depth, name] of path.entries()) {
    const value = memberOf(object, name)?.value;
    if (value === undefined) return undefined;
    if (depth === path.length - 1) return asText(value, path);
    if (value.type !== 'Object')
      throw new KeyturnError(
        'secret-invalid',
        `The field "${pathText(path.slice(0, depth + 1))}" of the secret is no object with fields: name one way through objects alone in the tag ${TAGS.field}.`,
      );
    object = value;
  }
  return undefined;
}

/** The object in which the value stands; the innermost one that is there. */
export function parentIn(root: ObjectNode, path: readonly string[]): ObjectNode {
  return path.slice(0, -1).reduce((object, name) => {
    const value = memberOf(object, name)?.value;
    return value?.type === 'Object' ? value : object;
  }, root);
}

/** What stands where Keyturn writes beside the value has to be one text each, which it may replace. */
function companionsIn(root: ObjectNode, place: ValuePlace): Record<string, string> {
  const parent = parentIn(root, place.path);
  return Object.fromEntries(
    place.companions.flatMap((name) => {
      const value = memberOf(parent, name)?.value;
      if (value && value.type !== 'String')
        throw new KeyturnError(
          'secret-invalid',
          `The field "${name}" of the secret, which Keyturn writes beside the token, is not text: rename it, or make it a string.`,
        );
      const text = valueOf(value?.value ?? '');
      return text === '' ? [] : [[name, text]];
    }),
  );
}

function asText(value: ObjectNode['members'][number]['value'], path: readonly string[]): StringNode {
  if (value.type === 'String') return value;
  throw new KeyturnError(
    'secret-invalid',
    `The field "${pathText(path)}" of the secret is not text: store the credential there as a string.`,
  );
}

/** Where in a text its value stands; undefined where its place is empty. Error: `secret-invalid`. */
export function spanIn(text: string, place: ValuePlace, isField: boolean): Span | undefined {
  const around = text.length - text.trimStart().length;
  const inner = valueOf(text);
  const { before, after } = place.format ?? { before: '', after: '' };
  if (inner === valueOf(before + after)) return undefined;
  if (!inner.startsWith(before) || !inner.endsWith(after) || inner.length < before.length + after.length)
    throw otherwiseFormed(isField, place);
  const span = { start: around + before.length, end: around + inner.length - after.length };
  // `{value}` alone says that the whole of it is the value, whatever it looks like.
  const isWhole =
    place.format !== undefined &&
    before === '' &&
    after === '' &&
    !place.pattern?.test(inner) &&
    /^[\x21-\x7e]+$/.test(inner);
  const wrapping = isWhole ? undefined : wrappingOf(sliced(text, span), { pattern: place.pattern, isField });
  if (wrapping) throw wrapped(wrapping, isField, place);
  return span;
}

/** Whether an object holds nothing but the place of the value, so that nothing is lost and nobody's token can stand beside it. */
function isVacant(object: ObjectNode, place: Pick<ValuePlace, 'path' | 'format'>): boolean {
  const [name = '', ...rest] = place.path;
  const [only, second] = object.members;
  if (!only) return true;
  if (second) return false;
  const value = memberOf(object, name)?.value;
  if (value?.type === 'Object' && rest.length > 0) return isVacant(value, { ...place, path: rest });
  if (value?.type !== 'String' || rest.length > 0) return false;
  const { before, after } = place.format ?? { before: '', after: '' };
  return valueOf(value.value) === valueOf(before + after);
}

function fieldOf(place: ValuePlace): string {
  return `"${pathText(place.path)}"`;
}

function missing(root: ObjectNode, inner: string, place: ValuePlace): KeyturnError {
  const hints = hintsIn(root, place.pattern).map((path) => `"${pathText(path)}"`);
  const seen = hints.length === 0 ? '' : ` (it looks as if it stood in ${hints.join(' or ')})`;
  return new KeyturnError(
    'secret-invalid',
    `The JSON of the secret has other fields but not ${fieldOf(place)}, where its token is read${seen}: name the field that holds it in the tag ${TAGS.field}, or store it in ${fieldOf(place)}.`,
  );
}

function emptyBeside(place: ValuePlace): KeyturnError {
  return new KeyturnError(
    'secret-invalid',
    `The field ${fieldOf(place)} of the secret is empty, and other fields stand beside it: store the token there, name the field that holds it in the tag ${TAGS.field}, or empty the secret to get a first one.`,
  );
}

function whereIn(isField: boolean, place: ValuePlace): string {
  return isField ? `The field ${fieldOf(place)} of the secret` : 'The secret';
}

function otherwiseFormed(isField: boolean, place: ValuePlace): KeyturnError {
  return new KeyturnError(
    'secret-invalid',
    `${whereIn(isField, place)} does not look as its tag ${TAGS.format} says: correct the one or the other.`,
  );
}

function wrapped({ looksLike, holdsToken }: Wrapping, isField: boolean, place: ValuePlace): KeyturnError {
  const what = holdsToken ? 'holds the token inside of other text' : 'is no bare token';
  return new KeyturnError(
    'secret-invalid',
    `${whereIn(isField, place)} ${what} (it looks like ${looksLike}): store the token alone, or write what stands around it into the tag ${TAGS.format}, like GITLAB_TOKEN={value}.`,
  );
}
