/** Changes one field in the text of a target secret, whose JSON holds values of many. */
import type { ObjectNode, StringNode } from '@humanwhocodes/momoa';
import { KeyturnError } from '../basics/errors.ts';
import { Secret } from '../basics/secret.ts';
import { pathText, type Read } from '../policy/value-notation.ts';
import { nameOf, objectIn, spanOf, spliced } from './spans.ts';
import { MOST_BYTES, lengthOf } from './storable.ts';

/** White space of JSON alone: readers refuse any other around it (RFC 8259, section 2). */
const AROUND = /^[ \t\n\r]*|[ \t\n\r]*$/g;

/**
 * The same text with a value in one field, and every other character as it was. The same text where the field
 * holds that value already. Otherwise why not, in words that follow on the name of the secret.
 */
export function withField(text: Secret, path: readonly string[], value: Secret): Read<Secret> {
  const whole = text.reveal();
  const inner = whole.replace(AROUND, '');
  const root = rootIn(inner);
  if (!root) return { fault: `holds no JSON object: store one in it that has the field "${pathText(path)}"` };
  const leaf = leafAt(root, path);
  if ('fault' in leaf) return leaf;
  if (leaf.read.value === value.reveal()) return { read: text };
  const start = whole.indexOf(inner);
  const changed = spliced(inner, [{ ...spanOf(leaf.read), text: JSON.stringify(value.reveal()) }]);
  return storable(new Secret(whole.slice(0, start) + changed + whole.slice(start + inner.length)));
}

function rootIn(inner: string): ObjectNode | undefined {
  try {
    return objectIn(inner);
  } catch (error) {
    if (error instanceof KeyturnError) return undefined;
    throw error;
  }
}

function leafAt(root: ObjectNode, path: readonly string[]): Read<StringNode> {
  let object = root;
  for (const [depth, name] of path.entries()) {
    const shown = pathText(path.slice(0, depth + 1));
    const [found, second] = object.members.filter((one) => nameOf(one) === name);
    if (!found)
      return {
        fault: `has no field "${shown}": add it with an empty text, or correct the target of the consumer`,
      };
    if (second) return { fault: `has the field "${shown}" twice: keep one of them` };
    const { value } = found;
    if (depth === path.length - 1) return asText(value, shown);
    if (value.type !== 'Object')
      return { fault: `has no fields inside of "${shown}": correct the target of the consumer` };
    object = value;
  }
  return { fault: 'is given no field: correct the target of the consumer' };
}

function asText(value: ObjectNode['members'][number]['value'], shown: string): Read<StringNode> {
  return value.type === 'String'
    ? { read: value }
    : {
        fault: `has no text in the field "${shown}": make it a string, or correct the target of the consumer`,
      };
}

function storable(next: Secret): Read<Secret> {
  const over = lengthOf(next) - MOST_BYTES;
  return over > 0
    ? {
        fault:
          `would have ${lengthOf(next)} bytes with the new value, and Secrets Manager keeps ${MOST_BYTES}: ` +
          `take ${over} bytes out of it`,
      }
    : { read: next };
}
