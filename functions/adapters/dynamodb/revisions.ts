import * as z from 'zod';
import { KeyturnError } from '../../core/basics/errors.ts';
import { ABSENT, getItem, putItem, type Item, type Key, type Table } from './table.ts';

/** The item of a record that changes under a version check. */
export function revisedItem<T>(body: z.ZodType<T>) {
  return z.object({ revision: z.number().int().positive(), body });
}

const Written = z.object({ writer: z.string() });

export interface Revision {
  readonly body: object;
  /** The revision that was read; 0 for a record that is not there yet. */
  readonly read: number;
  /**
   * Names this write. The SDK repeats one whose answer was lost, and the repetition meets its own first try;
   * a writer without a name takes that for a conflict.
   */
  readonly writer?: string;
  /** Attributes of the item beside the record, such as keys of an index. */
  readonly beside?: Item;
  /** The record in words, for the error. */
  readonly what: string;
}

/**
 * Writes a record unless it was changed since it was read. Resolves to its new revision. Error: `conflict`.
 */
export async function saveRevision(
  table: Table,
  key: Key,
  { body, read, writer, beside, what }: Revision,
): Promise<number> {
  const revision = read + 1;
  const condition =
    read === 0 ? ABSENT : { expression: 'revision = :revision', values: { ':revision': read } };
  const saved = await putItem(table, key, { body, revision, writer, ...beside }, condition);
  if (saved || (writer !== undefined && (await writerOf(table, key)) === writer)) return revision;
  throw new KeyturnError('conflict', `${what} was changed by another run.`);
}

async function writerOf(table: Table, key: Key): Promise<string | undefined> {
  return Written.safeParse(await getItem(table, key)).data?.writer;
}
