// A setting that is not known: which one was probably meant.
import * as z from 'zod';
import { nearest } from '../../../functions/core/basics/nearest.ts';
import { namesAt } from '../../../functions/core/basics/schema-names.ts';

/**
 * What to do about a name that a schema does not know at a path: the near one there; else its right place;
 * else all that there are.
 */
export function correctionFor(typed: string, path: readonly PropertyKey[], schema: unknown): string {
  const known = namesAt(schema, path);
  const [near] = nearest(typed, known, 1);
  if (near !== undefined) return `write ${near}, or remove it`;
  const [place] = placesOf(typed, schema);
  if (place !== undefined) return `write it as ${place}, or remove it`;
  return `remove it or correct its name${known.length > 0 ? ` (there are ${known.join(', ')})` : ''}`;
}

const Node = z.object({
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
});

/** Where a JSON schema has a property of a name, as dotted paths; a key that people choose is `<id>`. */
function placesOf(name: string, schema: unknown): string[] {
  const node = Node.safeParse(schema).data;
  if (node === undefined) return [];
  const inner = { ...node.properties, '<id>': node.additionalProperties };
  return Object.entries(inner).flatMap(([key, one]) => [
    ...(key === name ? [key] : []),
    ...placesOf(name, one).map((place) => `${key}.${place}`),
  ]);
}
