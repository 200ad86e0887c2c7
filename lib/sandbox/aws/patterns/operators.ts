import { addressOf, blockOf, isInBlock, type Block } from './addresses.ts';
import type { Json } from './json-text.ts';
import { addressIn, comparable, type Leaf, type Test } from './leaf.ts';
import { numericTest } from './numeric.ts';
import { beginsButForCase, endsButForCase, sameButForCase, wildcard } from './texts.ts';

/** What is asked of one field: that it is absent, or a test that one of its values has to pass. */
export type Condition = 'absent' | Test;

/** The only name of an object and what stands under it. Errors: Error. */
function single(object: Json, what: string): readonly [string, Json] {
  const members = object.kind === 'object' ? object.members : [];
  const [first] = members;
  if (!first || members.length > 1) throw new Error(`${what} takes an object with one name.`);
  return first;
}

function textOf(operand: Json, operator: string): string {
  if (operand.kind !== 'text') throw new Error(`${operator} takes a text in double quotes.`);
  return operand.text;
}

function fits(form: RegExp): Test {
  return (leaf) => form.test(leaf.text);
}

function inBlock(block: Block): Test {
  return (leaf) => {
    const digits = addressIn(leaf);
    return digits !== undefined && isInBlock(digits, block);
  };
}

/** A part at one end of the text; an object asks for it without regard to case. */
function atEnd(end: 'prefix' | 'suffix', operand: Json): Test {
  if (operand.kind !== 'object') {
    const text = textOf(operand, end);
    return end === 'prefix'
      ? (leaf) => leaf.text.startsWith(`"${text}`)
      : (leaf) => leaf.text.endsWith(`${text}"`);
  }
  const [name, part] = single(operand, end);
  if (name !== 'equals-ignore-case')
    throw new Error(`${end} takes a text or equals-ignore-case, not ${name}.`);
  return fits(end === 'prefix' ? beginsButForCase(textOf(part, name)) : endsButForCase(textOf(part, name)));
}

function exists(operand: Json): Condition {
  if (operand.kind !== 'word' || operand.text === 'null') throw new Error('exists takes true or false.');
  return operand.text === 'true' ? () => true : 'absent';
}

/** Inside anything-but: one test for each value, none of which may pass. */
function refused(operator: string, values: readonly Json[]): Test[] {
  const texts = (): string[] => values.map((value) => textOf(value, `anything-but ${operator}`));
  switch (operator) {
    case 'prefix':
    case 'suffix':
      if (texts().includes('')) throw new Error(`anything-but ${operator} takes no empty text.`);
      return values.map((value) => atEnd(operator, value));
    case 'equals-ignore-case':
      return texts().map((text) => fits(sameButForCase(text)));
    case 'wildcard':
      return texts().map((text) => fits(wildcard(text)));
    default:
      throw new Error(`anything-but does not take ${operator}.`);
  }
}

function noneOf(values: readonly Json[]): Test {
  if (values.length > 0 && values.every((value) => value.kind === 'text')) {
    const texts = new Set(values.map((value) => `"${value.text}"`));
    return (leaf) => !texts.has(leaf.text);
  }
  if (values.length === 0 || !values.every((value) => value.kind === 'number'))
    throw new Error('anything-but takes texts or numbers, not both, and no others.');
  const numbers = new Set(values.map((value) => exactNumber(value.text)));
  return (leaf) => !numbers.has(comparable(leaf.text) ?? NaN);
}

function exactNumber(text: string): number {
  const value = comparable(text);
  if (value === undefined) throw new Error(`The number ${text} cannot be compared.`);
  return value;
}

function anythingBut(operand: Json): Test {
  if (operand.kind !== 'object') return noneOf(operand.kind === 'list' ? operand.items : [operand]);
  const [operator, listed] = single(operand, 'anything-but');
  const tests = refused(operator, listed.kind === 'list' ? listed.items : [listed]);
  // event-ruler takes the empty list, and fails on the first event.
  if (tests.length === 0) throw new Error(`anything-but ${operator} takes at least one text.`);
  return (leaf) => !tests.some((test) => test(leaf));
}

function operatorCondition(operator: string, operand: Json): Condition {
  switch (operator) {
    case 'exactly': {
      const text = `"${textOf(operand, operator)}"`;
      return (leaf) => leaf.text === text;
    }
    case 'prefix':
    case 'suffix':
      return atEnd(operator, operand);
    case 'equals-ignore-case':
      return fits(sameButForCase(textOf(operand, operator)));
    case 'wildcard':
      return fits(wildcard(textOf(operand, operator)));
    case 'cidr':
      return inBlock(blockOf(textOf(operand, operator)));
    case 'numeric':
      return numericTest(operand);
    case 'anything-but':
      return anythingBut(operand);
    case 'exists':
      return exists(operand);
    default:
      throw new Error(`${operator} is no operator of event patterns.`);
  }
}

/** A number is the same however it is written; one that cannot be compared has to be written alike. */
function sameNumber(text: string): Test {
  const value = comparable(text);
  return (leaf: Leaf) => leaf.text === text || (value !== undefined && comparable(leaf.text) === value);
}

/**
 * What one value of a pattern's list asks for (user guide, "Comparison operators for use in event patterns").
 * Errors: Error that says what is wrong.
 */
export function conditionOf(value: Json): Condition {
  switch (value.kind) {
    case 'object': {
      const [operator, operand] = single(value, 'A comparison');
      return operatorCondition(operator, operand);
    }
    case 'list':
      throw new Error(
        'A list of a pattern takes texts, numbers, true, false, null and comparisons, not another list.',
      );
    case 'text': {
      const digits = addressOf(value.text);
      if (digits !== undefined) return inBlock({ bottom: digits, top: digits });
      return (leaf) => leaf.text === `"${value.text}"`;
    }
    case 'number':
      return sameNumber(value.text);
    case 'word':
      return (leaf) => leaf.text === value.text;
  }
}
