/** Finds where in the text of a secret the value stands, and what stands beside it. */
import type { ObjectNode, StringNode } from '@humanwhocodes/momoa';
import { KeyturnError } from '../basics/errors.ts';
import { valueOf } from '../issuer/identity.ts';
import { TAGS } from '../policy/tags.ts';
import { pathText } from '../policy/value-notation.ts';
import type { ValuePlace } from './value-place.ts';
import { wrappingOf } from './value-shape.ts';
import { memberOf, type Span } from './spans.ts';
import { otherwiseFormed, wrapped } from './text-faults.ts';

/** The part of a text that a span covers. */
export function sliced(text: string, { start, end }: Span): string {
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
        `The field "${pathText(path.slice(0, depth + 1))}" of the secret is no object with fields: ` +
          `name one way through objects alone in the tag ${TAGS.field}.`,
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
export function companionsIn(root: ObjectNode, place: ValuePlace): Record<string, string> {
  const parent = parentIn(root, place.path);
  return Object.fromEntries(
    place.companions.flatMap((name) => {
      const value = memberOf(parent, name)?.value;
      if (value && value.type !== 'String')
        throw new KeyturnError(
          'secret-invalid',
          `The field "${name}" of the secret, which Keyturn writes beside the token, is not text: ` +
            'rename it, or make it a string.',
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

/**
 * Whether an object holds nothing but the place of the value. Then nothing is lost, and no other token
 * stands beside it.
 */
export function isVacant(object: ObjectNode, place: Pick<ValuePlace, 'path' | 'format'>): boolean {
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
