import type { Json } from './json-text.ts';
import type { Test } from './leaf.ts';
import { conditionOf } from './operators.ts';

/** What a pattern asks of one field: to be absent, or to have a value that passes one of the tests. */
export interface FieldRule {
  readonly path: string;
  readonly mayBeAbsent: boolean;
  readonly tests: readonly Test[];
}

/** Fields that all have to fit, in the order of their paths. */
export type Branch = readonly FieldRule[];

type Rules = ReadonlyMap<string, FieldRule>;

/**
 * Names that mean something to the matcher, or are kept for later: no field inside `$or` may have them
 * (event-ruler, "Constants").
 */
const RESERVED = new Set([
  'exactly',
  'equals-ignore-case',
  'prefix',
  'suffix',
  'anything-but',
  'exists',
  'wildcard',
  'numeric',
  'cidr',
  '=',
  '<',
  '<=',
  '>',
  '>=',
  'regex',
  'not-wildcard',
  'not-equals-ignore-case',
  'date-after',
  'date-on-or-after',
  'date-before',
  'date-on-or-before',
  'in-date-range',
  'ip-address-in-range',
  'ip-address-not-in-range',
]);

function fieldRule(path: string, values: readonly Json[]): FieldRule {
  if (values.length === 0) throw new Error('A list of a pattern must not be empty.');
  const conditions = values.map(conditionOf);
  return {
    path,
    mayBeAbsent: conditions.includes('absent'),
    tests: conditions.filter((one) => one !== 'absent'),
  };
}

interface Place {
  readonly path: string;
  readonly isInsideOr: boolean;
}

function below({ path, isInsideOr }: Place, name: string): Place {
  return { path: path === '' ? name : `${path}.${name}`, isInsideOr };
}

function either(branches: readonly Rules[], place: Place, part: Json): readonly Rules[] {
  if (part.kind !== 'list' || part.items.length < 2)
    throw new Error('$or takes a list of two or more objects.');
  return part.items.flatMap((item) => {
    if (item.kind !== 'object') throw new Error('$or takes a list of objects.');
    return withObject(branches, { ...place, isInsideOr: true }, item.members);
  });
}

function withMember(
  branches: readonly Rules[],
  place: Place,
  [name, part]: readonly [string, Json],
): readonly Rules[] {
  if (name === '$or') return either(branches, place, part);
  if (place.isInsideOr && RESERVED.has(name))
    throw new Error(`${name} is a word of the matcher, and no field inside $or may have its name.`);
  const there = below(place, name);
  if (part.kind === 'object') return withObject(branches, there, part.members);
  if (part.kind !== 'list')
    throw new Error(`${there.path} takes a list of values or an object, not a single value.`);
  const rule = inField(there.path, () => fieldRule(there.path, part.items));
  // What comes later, inside $or too, takes the place of what was asked of the same field before.
  return branches.map((one) => new Map([...one, [there.path, rule]]));
}

function inField<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : 'not valid.'}`, { cause: error });
  }
}

function withObject(
  branches: readonly Rules[],
  place: Place,
  members: readonly (readonly [string, Json])[],
): readonly Rules[] {
  if (members.length === 0)
    throw new Error(`${place.path === '' ? 'The pattern' : place.path} must not be an empty object.`);
  return members.reduce<readonly Rules[]>((all, member) => withMember(all, place, member), branches);
}

/**
 * The ways in which an event can fit; one is enough. Errors: Error that names the field and says what is
 * wrong with it.
 */
export function branchesOf(pattern: Json): readonly Branch[] {
  if (pattern.kind !== 'object') throw new Error('A pattern is an object.');
  const branches = withObject([new Map()], { path: '', isInsideOr: false }, pattern.members);
  return branches.map((rules) => [...rules.values()].sort((one, other) => (one.path < other.path ? -1 : 1)));
}
