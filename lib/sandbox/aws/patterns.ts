import { AwsError } from './errors.ts';
import { branchesOf, type Branch } from './patterns/compile.ts';
import { jsonOf, readJson, type Json } from './patterns/json-text.ts';
import { fieldsOf, fitsBranches, type EventFields } from './patterns/match.ts';

export type { EventFields } from './patterns/match.ts';

/**
 * Event patterns of EventBridge (user guide, "Comparison operators") and filter policies of SNS, which share
 * their matcher. Both are held against AWS's own matcher, github.com/aws/event-ruler: its answers to a table
 * of rules and events are recorded in the tests.
 */
type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A pattern that was read once, to be held against many events. */
export interface Pattern {
  readonly fits: (event: EventFields) => boolean;
  /** Whether an event can fit whose field at the path is this text. */
  readonly mayFit: (path: string, text: string) => boolean;
}

function compiled(branches: readonly Branch[]): Pattern {
  const mayFit = (branch: Branch, path: string, text: string): boolean => {
    const rule = branch.find((one) => one.path === path);
    return rule === undefined || rule.tests.some((test) => test({ text: `"${text}"`, within: new Map() }));
  };
  return {
    fits: (event) => fitsBranches(branches, event),
    mayFit: (path, text) => branches.some((branch) => mayFit(branch, path, text)),
  };
}

function jsonIn(given: string | Fields): Json {
  return typeof given === 'string' ? readJson(given) : jsonOf(given);
}

/**
 * Reads a pattern, given as JSON or as an object. Errors: InvalidEventPatternException for what EventBridge
 * refuses, with the field and the reason.
 */
export function readPattern(pattern: string | Fields): Pattern {
  try {
    return compiled(branchesOf(jsonIn(pattern)));
  } catch (error) {
    throw new AwsError(
      'InvalidEventPatternException',
      `Event pattern is not valid. Reason: ${error instanceof Error ? error.message : 'unknown'}`,
    );
  }
}

/**
 * The values of an event, given as JSON or as an object. As JSON it keeps how numbers are written and names
 * that stand twice. Errors: SyntaxError.
 */
export function eventFields(event: string | Fields): EventFields {
  return fieldsOf(jsonIn(event));
}

const READ = new WeakMap<Fields, Pattern>();

/** The pattern in an object, read once for each object. Errors: InvalidEventPatternException. */
export function patternIn(pattern: Fields): Pattern {
  const known = READ.get(pattern);
  if (known) return known;
  const read = readPattern(pattern);
  READ.set(pattern, read);
  return read;
}

/**
 * Whether an event fits a pattern. Errors: InvalidEventPatternException for a pattern that EventBridge
 * refuses.
 */
export function matches(pattern: Fields, event: Fields): boolean {
  return patternIn(pattern).fits(eventFields(event));
}
