/**
 * Event patterns of EventBridge (user guide, "Comparison operators") and filter policies of SNS, which share their matchers.
 */

type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function compare(value: number, operator: unknown, bound: unknown): boolean {
  if (typeof bound !== 'number') return false;
  switch (operator) {
    case '=':
      return value === bound;
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '>':
      return value > bound;
    case '>=':
      return value >= bound;
    default:
      return false;
  }
}

function numeric(value: unknown, range: unknown): boolean {
  if (typeof value !== 'number' || !Array.isArray(range) || range.length === 0) return false;
  for (let index = 0; index < range.length; index += 2) if (!compare(value, range[index], range[index + 1])) return false;
  return true;
}

/** `*` stands for any text, `\*` for an asterisk, `\\` for a backslash. */
function wildcard(value: string, pattern: string): boolean {
  const source = pattern.replaceAll(/\\[*\\]|\*|[^*\\]+|\\/g, (part) => {
    if (part === '*') return '[^]*';
    return (part === '\\*' || part === '\\\\' ? part.slice(1) : part).replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
  });
  return new RegExp(`^${source}$`).test(value);
}

function foldedEqual(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** A part at one end of the text; the operand may ask for it without regard to case. */
function atEnd(value: string, operand: unknown, end: 'prefix' | 'suffix'): boolean {
  const blind = isFields(operand) ? operand['equals-ignore-case'] : undefined;
  const part = typeof blind === 'string' ? blind.toLowerCase() : operand;
  if (typeof part !== 'string') return false;
  const text = typeof blind === 'string' ? value.toLowerCase() : value;
  return end === 'prefix' ? text.startsWith(part) : text.endsWith(part);
}

function someOf(operand: unknown, test: (one: unknown) => boolean): boolean {
  return Array.isArray(operand) ? operand.some(test) : test(operand);
}

function anythingBut(value: unknown, operand: unknown): boolean {
  if (!isFields(operand)) return !someOf(operand, (one) => one === value);
  const [kind, listed] = Object.entries(operand)[0] ?? ['', undefined];
  return !someOf(listed, (one) => operatorMatches(value, kind, one));
}

function operatorMatches(value: unknown, operator: string, operand: unknown): boolean {
  switch (operator) {
    case 'numeric':
      return numeric(value, operand);
    case 'anything-but':
      return anythingBut(value, operand);
    case 'prefix':
    case 'suffix':
      return typeof value === 'string' && atEnd(value, operand, operator);
    case 'equals-ignore-case':
      return typeof value === 'string' && typeof operand === 'string' && foldedEqual(value, operand);
    case 'wildcard':
      return typeof value === 'string' && typeof operand === 'string' && wildcard(value, operand);
    default:
      return false;
  }
}

function scalarMatches(value: unknown, rule: unknown): boolean {
  if (!isFields(rule)) return value === rule;
  return Object.entries(rule).some(([operator, operand]) => operatorMatches(value, operator, operand));
}

function leafMatches(fields: Fields, key: string, rules: readonly unknown[]): boolean {
  const present = Object.hasOwn(fields, key) && !isFields(fields[key]);
  const value = fields[key];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return rules.some((rule) => {
    if (isFields(rule) && 'exists' in rule) return rule['exists'] === present;
    return present && values.some((one) => scalarMatches(one, rule));
  });
}

function branchMatches(value: unknown, pattern: Fields): boolean {
  if (Array.isArray(value)) return value.some((one) => branchMatches(one, pattern));
  return matches(pattern, isFields(value) ? value : {});
}

/** Whether an event fits a pattern: every field of the pattern must, one of the values listed for it is enough. */
export function matches(pattern: Fields, event: Fields): boolean {
  return Object.entries(pattern).every(([key, part]) => {
    if (key === '$or' && Array.isArray(part)) return part.some((one) => isFields(one) && matches(one, event));
    if (Array.isArray(part)) return leafMatches(event, key, part);
    return isFields(part) && branchMatches(Object.hasOwn(event, key) ? event[key] : undefined, part);
  });
}
