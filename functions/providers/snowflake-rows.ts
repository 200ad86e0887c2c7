import * as z from 'zod';
import { SECOND, type Instant } from '../core/basics/time.ts';

const Column = z.object({ name: z.string(), type: z.string() });
const Result = z.object({
  code: z.literal('090001'),
  resultSetMetaData: z.object({
    numRows: z.int(),
    rowType: z.array(Column).min(1),
    partitionInfo: z.array(z.unknown()).max(1).optional(),
  }),
  data: z.array(z.array(z.string().nullable())),
});

/**
 * The rows of a statement that was carried out, by the names of their columns: all of them, in one
 * partition. Source: docs.snowflake.com, "Handling responses", and "Snowflake SQL API reference", ResultSet.
 */
export function rowsOf<T>(row: z.ZodType<T>): z.ZodType<T[]> {
  return Result.transform(({ resultSetMetaData: { numRows, rowType }, data }, context): unknown[] => {
    const isWhole = data.length === numRows && data.every(({ length }) => length === rowType.length);
    const names = new Set(rowType.map(({ name }) => name));
    if (isWhole && names.size === rowType.length)
      return data.map((cells) =>
        Object.fromEntries(
          rowType.map(({ name, type }, at) => [name, { type: type.toLowerCase(), text: cells[at] ?? null }]),
        ),
      );
    context.addIssue({ code: 'custom', message: 'must hold all rows, each with all columns' });
    return z.NEVER;
  }).pipe(z.array(row));
}

/** The same of a statement that answers with one row. */
export function rowOf<T>(row: z.ZodType<T>): z.ZodType<T> {
  return rowsOf(row).transform((rows, context) => {
    const [only] = rows;
    if (only !== undefined && rows.length === 1) return only;
    context.addIssue({ code: 'custom', message: 'must hold one row' });
    return z.NEVER;
  });
}

/** A text that is there. */
export const Text = z.object({ text: z.string() }).transform(({ text }) => text);

/** A text, or none. */
export const NullableText = z.object({ text: z.string().nullable() }).transform(({ text }) => text ?? '');

const MOMENT = /^(\d{1,11})\.(\d{3})\d{0,6}( \d{1,4})?$/;

/** Seconds since 1970 with decimals; with a zone, its offset stands behind them and changes nothing. */
export const Moment = z
  .object({ type: z.enum(['timestamp_ltz', 'timestamp_tz']), text: z.string().regex(MOMENT) })
  .transform(({ text }): Instant => {
    const [, seconds, thousandths] = MOMENT.exec(text) ?? [];
    return Number(seconds) * SECOND + Number(thousandths);
  });

/** A moment, or none. */
export const NullableMoment = z.union([
  z.object({ text: z.null() }).transform((): Instant | undefined => undefined),
  Moment,
]);

/** That a statement was carried out which says so in one sentence. */
export const Done = rowOf(z.object({ status: Text }));

/** Whom a request is from. Source: docs.snowflake.com, "CURRENT_USER". */
export const Self = rowOf(z.object({ 'CURRENT_USER()': Text })).transform((row) => row['CURRENT_USER()']);
