import type { PolicyDocument } from '../aws/types.ts';

/** An object of JSON. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** The statements of several policies as one document. */
export function joinPolicies(documents: readonly PolicyDocument[]): PolicyDocument | undefined {
  const statements = documents.flatMap((document) => document['Statement'] ?? []);
  return statements.length === 0 ? undefined : { Version: '2012-10-17', Statement: statements };
}
