import type { ObjectNode } from '@humanwhocodes/momoa';
import { nameOf } from './spans.ts';

const MOST_HINTS = 3;
const DEEPEST = 4;
/**
 * A key is named only when it looks like a name: a value pasted at the wrong place must not reach an error.
 */
const NAME = /^[a-z][a-z_]{0,31}$/i;
const LIKE_A_CREDENTIAL = /token|secret|passw|key|credential|auth|pat$/i;

/**
 * Fields that look as if the token stood in them, by their names or because its pattern fits, the surest
 * first. Never more than names.
 */
export function hintsIn(root: ObjectNode, pattern: RegExp | undefined): readonly (readonly string[])[] {
  const texts = textsIn(root, [], pattern);
  const sure = texts.filter((one) => pattern?.test(one.text));
  const likely =
    sure.length > 0 ? sure : texts.filter((one) => LIKE_A_CREDENTIAL.test(one.path.at(-1) ?? ''));
  return likely.slice(0, MOST_HINTS).map((one) => one.path);
}

interface Text {
  readonly path: readonly string[];
  readonly text: string;
}

function textsIn(object: ObjectNode, path: readonly string[], pattern: RegExp | undefined): Text[] {
  if (path.length >= DEEPEST) return [];
  return object.members.flatMap((member): Text[] => {
    const name = nameOf(member);
    if (!NAME.test(name) || pattern?.test(name)) return [];
    const { value } = member;
    if (value.type === 'String') return [{ path: [...path, name], text: value.value }];
    return value.type === 'Object' ? textsIn(value, [...path, name], pattern) : [];
  });
}
