import { parse, type MemberNode, type ObjectNode, type StringNode } from '@humanwhocodes/momoa';
import { KeyturnError } from '../basics/errors.ts';

/** From where to where, in characters of a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The one JSON object that a text is, with the places of all that is in it. The white space around it has to
 * be off. Errors: `secret-invalid`, for what is no strict JSON (RFC 8259), and for what is nested too deeply
 * to be read.
 */
export function objectIn(text: string): ObjectNode {
  requireJson(text);
  try {
    const { body } = parse(text, { mode: 'json' });
    if (body.type === 'Object') return body;
  } catch (error) {
    // It is valid; what is left is a depth that the stack does not hold.
    if (!(error instanceof RangeError)) throw invalid();
    throw new KeyturnError(
      'secret-invalid',
      'The JSON of the secret is nested too deeply to be kept exactly: store the token in a secret of ' +
        'its own.',
    );
  }
  throw invalid();
}

function requireJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw invalid();
  }
}

function invalid(): KeyturnError {
  return new KeyturnError(
    'secret-invalid',
    'The secret starts like JSON but is not valid JSON: correct it, or store the bare token.',
  );
}

export function spanOf(node: {
  readonly loc: { readonly start: { readonly offset: number }; readonly end: { readonly offset: number } };
}): Span {
  return { start: node.loc.start.offset, end: node.loc.end.offset };
}

export function nameOf(member: MemberNode): string {
  return member.name.type === 'String' ? member.name.value : member.name.name;
}

/**
 * The member of that name, if there is one. Error: `secret-invalid` where there are several: readers differ
 * in which they take.
 */
export function memberOf(object: ObjectNode, name: string): MemberNode | undefined {
  const [first, second] = object.members.filter((one) => nameOf(one) === name);
  if (second)
    throw new KeyturnError(
      'secret-invalid',
      `The JSON of the secret has the field "${name}" twice: keep one of them.`,
    );
  return first;
}

/** The place in the text of a part of a JSON string, which is given in characters of what the string says. */
export function spanInString(text: string, node: StringNode, part: Span): Span {
  const { start, end } = spanOf(node);
  // Each escape, and each character that is none, says one UTF-16 unit.
  const units = [...text.slice(start + 1, end - 1).matchAll(/\\u[\da-f]{4}|\\.|[^\\]/gi)].map(
    (unit) => unit.index,
  );
  const offsetOf = (at: number): number => start + 1 + (units[at] ?? end - start - 2);
  return { start: offsetOf(part.start), end: offsetOf(part.end) };
}

/** One replacement in a text; where nothing is replaced, an insertion. */
export interface Edit extends Span {
  readonly text: string;
}

/**
 * The text with all edits made, and every other character as it was. Edits do not overlap; those at one place
 * keep their order.
 */
export function spliced(text: string, edits: readonly Edit[]): string {
  const inOrder = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  const parts = inOrder.map(
    (edit, index) => text.slice(inOrder[index - 1]?.end ?? 0, edit.start) + edit.text,
  );
  return parts.join('') + text.slice(inOrder.at(-1)?.end ?? 0);
}
