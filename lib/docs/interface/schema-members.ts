import * as z from 'zod';

/** As far as it is looked at here: JSON Schema, draft 2020-12. */
interface Schema {
  readonly type?: string | readonly string[] | undefined;
  readonly const?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly items?: Schema | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly oneOf?: readonly Schema[] | undefined;
}

const Node: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    const: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    properties: z.record(z.string(), Node).optional(),
    items: Node.optional(),
    anyOf: z.array(Node).optional(),
    oneOf: z.array(Node).optional(),
  }),
);

/**
 * Every member of what a schema stores, by its path, with its type: `generations[].handle` is `string`. Each
 * word that a member may have is an entry of its own, such as `generations[].state = current`, so that a new
 * word is an addition.
 */
export function membersOf(schema: z.ZodType): Record<string, string> {
  const root = Node.parse(z.toJSONSchema(schema, { unrepresentable: 'any', reused: 'inline' }));
  return entriesOf(root, '').reduce(withEntry, {});
}

/** A member that may be of several types has all of them. */
function withEntry(
  members: Record<string, string>,
  [path, type]: readonly [string, string],
): Record<string, string> {
  const known = members[path]?.split(' or ') ?? [];
  members[path] = known.includes(type) ? known.join(' or ') : [...known, type].toSorted().join(' or ');
  return members;
}

function entriesOf(schema: Schema, path: string): [string, string][] {
  const { type, properties, items, anyOf = [], oneOf = [] } = schema;
  const types = path === '' ? [] : [type ?? []].flat();
  const words = schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
  return [
    ...types.map((one): [string, string] => [path, one]),
    ...words.map((word): [string, string] => [`${path} = ${String(word)}`, 'word']),
    ...Object.entries(properties ?? {}).flatMap(([name, inner]) =>
      entriesOf(inner, path === '' ? name : `${path}.${name}`),
    ),
    ...(items === undefined ? [] : entriesOf(items, `${path}[]`)),
    ...[...anyOf, ...oneOf].flatMap((choice) => entriesOf(choice, path)),
  ];
}
