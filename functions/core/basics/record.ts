import * as z from 'zod';
import { KeyturnError } from './errors.ts';

/**
 * Which layout of records this version of Keyturn reads, and writes. It grows by one with a change that an
 * earlier version must not read past: a state of a credential that it does not know, a member that it would
 * act wrongly without. All else needs no new number: what a version does not know it keeps, and a new member
 * is optional for one release. While CloudFormation updates or rolls back, functions of two versions work on
 * the same records.
 */
export const READER = 1;

/** Refuses what only a later version can read. Error: `record-invalid`, with both numbers. */
export function requireReader(minReader: unknown, record: string): void {
  if (typeof minReader === 'number' && minReader <= READER) return;
  if (typeof minReader !== 'number')
    throw new KeyturnError(
      'record-invalid',
      `The inventory's record of ${record} cannot be read, at "minReader".`,
    );
  throw new KeyturnError(
    'record-invalid',
    `The inventory's record of ${record} needs a Keyturn that reads records of layout ${minReader} or ` +
      `later, and this one reads ${READER}: deploy the version that wrote it.`,
  );
}

/**
 * The schema of something that is stored: members that it does not name are kept as they are, and so survive
 * a save by a version that does not know them. The type names its own members alone.
 */
export function kept<Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodObject<Shape>;
export function kept(shape: z.core.$ZodLooseShape): z.ZodObject {
  return z.looseObject(shape);
}

/** The member under which a record keeps what this version cannot read, until one that can reads it again. */
const LATER = 'later';

type Members = Record<string, unknown>;

/** What is to be kept apart of a record: by the name of the member. */
export interface Apart {
  /**
   * Lists, with the schema of what stands in them: entries of a kind that is not known are kept, and passed
   * over.
   */
  readonly lists?: Readonly<Record<string, z.ZodType>>;
  /**
   * Words out of a list that may grow, with the members that stand in for one that is not known. Each errs on
   * the side that keeps a credential active and acts least.
   */
  readonly words?: Readonly<Record<string, { readonly of: z.ZodType; readonly instead: Members }>>;
}

/**
 * The same schema for records in which a later version may have written words that this one does not know.
 */
export function keptApart<T extends z.ZodType>(schema: T, apart: Apart) {
  return z.preprocess((given) => (isMembers(given) ? sorted(reunited(given, apart), apart) : given), schema);
}

/** What stands in a record beside the members that a schema names: what a later version wrote there. */
export function unknownMembers({ shape }: z.ZodObject, record: object): Members {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !(name in shape) && name !== LATER));
}

/**
 * Whether nothing is wrong with a value but that it says something in words which this version does not know.
 */
export function isBeyond(schema: z.ZodType, value: unknown): boolean {
  const { error } = schema.safeParse(value);
  return (
    error !== undefined &&
    error.issues.every(
      (issue) =>
        (issue.code === 'invalid_value' || issue.code === 'invalid_union') &&
        typeof at(value, issue.path) === 'string',
    )
  );
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (Array.isArray(inner) || isMembers(inner) ? Reflect.get(inner, key) : undefined),
    value,
  );
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Puts what an earlier version kept apart back to its place. */
function reunited(given: Members, { lists = {}, words = {} }: Apart): Members {
  const { [LATER]: later, ...members } = given;
  if (!isMembers(later)) return given;
  const lost = Object.keys(words).filter((name) => later[name] !== undefined);
  const standIns = new Set(lost.flatMap((name) => Object.keys(words[name]?.instead ?? {})));
  const own = Object.fromEntries(Object.entries(members).filter(([name]) => !standIns.has(name)));
  const joined = Object.keys(lists).flatMap((name) =>
    Array.isArray(later[name]) ? [[name, [...listIn(members, name), ...listIn(later, name)]] as const] : [],
  );
  return {
    ...own,
    ...Object.fromEntries(Object.entries(later).filter(([name]) => !(name in lists))),
    ...Object.fromEntries(joined),
  };
}

function listIn(members: Members, name: string): unknown[] {
  const list = members[name];
  return Array.isArray(list) ? list : [];
}

function sorted(given: Members, { lists = {}, words = {} }: Apart): Members {
  const members = { ...given };
  const later: Members = {};
  for (const [name, schema] of Object.entries(lists)) {
    const beyond = listIn(given, name).filter((one) => isBeyond(schema, one));
    if (beyond.length === 0) continue;
    later[name] = beyond;
    members[name] = listIn(given, name).filter((one) => !beyond.includes(one));
  }
  for (const [name, { of, instead }] of Object.entries(words)) {
    if (given[name] === undefined || !isBeyond(of, given[name])) continue;
    for (const replaced of Object.keys(instead))
      if (given[replaced] !== undefined) later[replaced] = given[replaced];
    Object.assign(members, instead);
  }
  return Object.keys(later).length === 0 ? given : { ...members, [LATER]: later };
}
