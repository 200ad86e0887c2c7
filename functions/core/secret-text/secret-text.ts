/** Reads the text of a secret version: its credential, the stamp beside it, or that it is empty. */
import type { ObjectNode } from '@humanwhocodes/momoa';
import * as z from 'zod';
import { KeyturnError } from '../basics/errors.ts';
import { valueOf } from '../issuer/identity.ts';
import { MadeAt } from '../issuer/reach.ts';
import { Secret } from '../basics/secret.ts';
import { TAGS } from '../policy/tags.ts';
import { STAMP_FIELD, pathText } from '../policy/value-notation.ts';
import { placeNoted, type ValuePlace } from './value-place.ts';
import { memberOf, objectIn, spanOf } from './spans.ts';
import { kept } from '../basics/record.ts';
import { companionsIn, isVacant, leafIn, sliced, spanIn } from './locate-value.ts';
import { emptyBeside, missing } from './text-faults.ts';

/**
 * What Keyturn notes beside a credential it made, inside the secret itself, so that nothing safety needs is
 * lost with the table.
 * `seal` is an HMAC under a key that owners of secrets cannot use: a stamp that someone copied or wrote
 * does not verify. It covers the members that are named here;
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
  /**
   * `empty` holds nothing that could be lost, so that it gets its first credential; only `json` can carry a
   * stamp.
   */
  readonly form: 'empty' | 'plain' | 'json';
  /** The credential, without white space around it. */
  readonly value: Secret | undefined;
  readonly stamp: Stamp | undefined;
  /**
   * What stands beside the value in the fields of the provider's companions, those that are there and not
   * empty; not secret.
   */
  readonly beside: Readonly<Record<string, string>>;
}

/**
 * Reads the text of a secret version. What holds no value and is not empty either is an error, so that
 * nothing is made beside it or written over it.
 * Empty is: no text at all; an object without a field; an object, or a text with its format, in which
 * nothing but the place of the value stands, and that empty.
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

/**
 * The same text, read where its own stamp says that the value stands. Undefined where it has no stamp.
 * A caller that relies on this has to verify the seal.
 */
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
      `The secret is no JSON object, and its tag ${TAGS.field} names a field of one: ` +
        `store JSON with the field "${pathText(place.path)}", or remove the tag.`,
    );
  const span = spanIn(inner, place, false);
  return span
    ? { form: 'plain', value: new Secret(sliced(inner, span)) }
    : { form: 'empty', value: undefined };
}
