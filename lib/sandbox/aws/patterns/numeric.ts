import type { Json } from './json-text.ts';
import { comparable, type Test } from './leaf.ts';

type Bound = (value: number) => boolean;

function bound(operator: string, limit: number): Bound {
  switch (operator) {
    case '=':
      return (value) => value === limit;
    case '<':
      return (value) => value < limit;
    case '<=':
      return (value) => value <= limit;
    case '>':
      return (value) => value > limit;
    case '>=':
      return (value) => value >= limit;
    default:
      throw new Error(`numeric does not take ${operator}: it takes =, <, <=, > and >=.`);
  }
}

function pairOf(operator: Json | undefined, limit: Json | undefined): readonly [string, number] {
  if (operator?.kind !== 'text' || limit?.kind !== 'number')
    throw new Error(
      'numeric takes a list of an operator in quotes and a number, such as [">", 5, "<=", 10].',
    );
  const value = comparable(limit.text);
  if (value === undefined) throw new Error(`The number ${limit.text} cannot be compared.`);
  return [operator.text, value];
}

/** A comparison with one number, or a range from below to above. Errors: Error. */
export function numericTest(operand: Json): Test {
  const items = operand.kind === 'list' ? operand.items : [];
  const [first, low] = pairOf(items[0], items[1]);
  const bounds = [bound(first, low)];
  if (items.length > 2) {
    const [second, high] = pairOf(items[2], items[3]);
    if (items.length > 4 || !first.startsWith('>') || !second.startsWith('<'))
      throw new Error(
        'numeric takes a second comparison only as the upper end of a range, such as [">", 5, "<=", 10].',
      );
    if (low >= high) throw new Error('The lower end of a numeric range must be less than the upper one.');
    bounds.push(bound(second, high));
  }
  return ({ text }) => {
    const value = comparable(text);
    return value !== undefined && bounds.every((one) => one(value));
  };
}
