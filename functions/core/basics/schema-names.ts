import * as z from 'zod';

const Node = z.object({
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
});

/** The names that a JSON Schema knows at a place; none where it takes any. */
export function namesAt(schema: unknown, path: readonly PropertyKey[]): string[] {
  const [key, ...rest] = path;
  const node = Node.safeParse(schema).data;
  const ways = [...(node?.anyOf ?? []), ...(node?.oneOf ?? [])].flatMap((way) => namesAt(way, path));
  if (key === undefined) return [...new Set([...Object.keys(node?.properties ?? {}), ...ways])];
  const next = node?.properties?.[String(key)] ?? node?.additionalProperties ?? node?.items;
  return [...new Set([...(next === undefined ? [] : namesAt(next, rest)), ...ways])];
}
