import type { Call } from '../world/faults.ts';

/** What differs between two calls of one kind: ids, versions and days. */
const VARYING = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{12,}\b|\d+/g;

/**
 * The calls of a life at which it can go wrong in ways of their own: of invocations that make the same calls
 * in the same order, between the same two changes, the first and the last one. A life of a week is thousands
 * of inspections that differ in nothing.
 */
export function oncePerShape(calls: readonly Call[]): readonly Call[] {
  const kept = new Map<string, { first: Call; last: Call }>();
  for (const [key, call] of keyed(calls)) kept.set(key, { first: kept.get(key)?.first ?? call, last: call });
  const all = new Set([...kept.values()].flatMap(({ first, last }) => [first, last]));
  return calls.filter((call) => all.has(call));
}

/** Each call with the shape of its invocation, its place in it, and what has changed before. */
function keyed(calls: readonly Call[]): readonly (readonly [string, Call])[] {
  const shapes = new Map<number, string>();
  for (const call of calls)
    shapes.set(call.invocation, `${shapes.get(call.invocation) ?? call.during} > ${shapeOf(call)}`);
  const places = new Map<number, number>();
  let phase = 0;
  return calls.map((call) => {
    const place = (places.get(call.invocation) ?? -1) + 1;
    places.set(call.invocation, place);
    const key = `${phase} ${shapes.get(call.invocation)} @ ${place}`;
    if (isChange(call)) phase += 1;
    return [key, call] as const;
  });
}

function shapeOf({ name }: Call): string {
  return name.replaceAll(VARYING, '#');
}

/** What makes the inspections after it others than before: a label that moved, or what history tells. */
const CHANGES: ReadonlySet<string> = new Set([
  'inventory.appendHistory',
  'secrets.moveLabel',
  'secrets.putPending',
]);

function isChange({ name }: Call): boolean {
  return CHANGES.has(name);
}
