import * as z from 'zod';
import { nearest } from '../../functions/core/basics/nearest.ts';

/** What to do about a setting that is not known: the one that was meant, if one is near; otherwise, at the top, those that there are. */
export function correctionFor(typed: string, known: readonly string[], isTop: boolean): string {
  const [near] = nearest(typed, known, 1);
  if (near !== undefined) return `write ${near}, or remove it`;
  return `remove it or correct its name${isTop ? ` (there are ${known.join(', ')})` : ''}`;
}

const Node = z.object({
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
});

/** The names that a JSON schema knows at a place; none where it takes any. */
export function namesAt(schema: unknown, path: readonly PropertyKey[]): string[] {
  const [key, ...rest] = path;
  const node = Node.safeParse(schema).data;
  if (key === undefined) return Object.keys(node?.properties ?? {});
  return namesAt(node?.properties?.[String(key)] ?? node?.additionalProperties, rest);
}
