import * as z from 'zod';
import { ConsumerJson } from '../cli/json/consumers.ts';
import { FindingJson } from '../cli/json/findings.ts';
import { IncidentJson } from '../cli/json/leaks.ts';
import { JSON_OF, printedBy } from '../cli/json/schemas.ts';

/** What many commands print a part of, by the name under which their schemas refer to it. */
const PARTS = { 'a-consumer': ConsumerJson, 'a-finding': FindingJson, 'a-leak': IncidentJson } as const;

/**
 * The JSON Schema of what each command prints with `--json`, by the name of the command (JSON Schema
 * 2020-12).
 */
export function jsonSchemas(): object {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(PARTS)) registry.add(schema, { id });
  for (const command of Object.keys(JSON_OF)) {
    const schema = printedBy(command);
    if (schema) registry.add(schema, { id: command });
  }
  const { schemas } = z.toJSONSchema(registry, {
    io: 'input',
    unrepresentable: 'any',
    uri: (id) => `#/$defs/${id}`,
    override: ({ jsonSchema }) => {
      // A list that the code does not change is no list that a reader may not change.
      delete jsonSchema.readOnly;
    },
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'What the commands of Keyturn print with --json',
    $defs: Object.fromEntries(
      Object.entries(schemas).map(([name, schema]) => [name, withoutAddress(schema)]),
    ),
  };
}

function withoutAddress({ $schema: _schema, $id: _id, ...rest }: Readonly<Record<string, unknown>>): object {
  return rest;
}
