/** The errors for a secret whose text Keyturn cannot read: each says what is wrong and what to write. */
import type { ObjectNode } from '@humanwhocodes/momoa';
import { KeyturnError } from '../basics/errors.ts';
import { TAGS } from '../policy/tags.ts';
import { hintsIn } from './hints.ts';
import { pathText } from '../policy/value-notation.ts';
import type { ValuePlace } from './value-place.ts';
import type { Wrapping } from './value-shape.ts';

function fieldOf(place: ValuePlace): string {
  return `"${pathText(place.path)}"`;
}

/** The error for JSON that has no field where the value is read. */
export function missing(root: ObjectNode, inner: string, place: ValuePlace): KeyturnError {
  const hints = hintsIn(root, place.pattern).map((path) => `"${pathText(path)}"`);
  const seen = hints.length === 0 ? '' : ` (it looks as if it stood in ${hints.join(' or ')})`;
  return new KeyturnError(
    'secret-invalid',
    `The JSON of the secret has other fields but not ${fieldOf(place)}, where its token is read${seen}: ` +
      `name the field that holds it in the tag ${TAGS.field}, or store it in ${fieldOf(place)}.`,
  );
}

/** The error for an empty field with other fields beside it. */
export function emptyBeside(place: ValuePlace): KeyturnError {
  return new KeyturnError(
    'secret-invalid',
    `The field ${fieldOf(place)} of the secret is empty, and other fields stand beside it: ` +
      `store the token there, name the field that holds it in the tag ${TAGS.field}, ` +
      'or empty the secret to get a first one.',
  );
}

function whereIn(isField: boolean, place: ValuePlace): string {
  return isField ? `The field ${fieldOf(place)} of the secret` : 'The secret';
}

/** The error for a text that does not have the form that its tag says. */
export function otherwiseFormed(isField: boolean, place: ValuePlace): KeyturnError {
  return new KeyturnError(
    'secret-invalid',
    `${whereIn(isField, place)} does not look as its tag ${TAGS.format} says: correct the one or the other.`,
  );
}

/** The error for a value with other text around it. */
export function wrapped(
  { looksLike, holdsToken }: Wrapping,
  isField: boolean,
  place: ValuePlace,
): KeyturnError {
  const what = holdsToken ? 'holds the token inside of other text' : 'is no bare token';
  return new KeyturnError(
    'secret-invalid',
    `${whereIn(isField, place)} ${what} (it looks like ${looksLike}): store the token alone, ` +
      `or write what stands around it into the tag ${TAGS.format}, like GITLAB_TOKEN={value}.`,
  );
}
