import type { Instant } from '../../../functions/core/basics/time.ts';

const HANDLE = '01b4f9d4-3202-9f46-0000-0001cf56d011';

type Cells = Readonly<Record<string, string | null>>;

/** Columns that hold times. */
const TIMES = new Set(['expires_at', 'created_on']);

/**
 * Rows of a statement that was carried out. Source: docs.snowflake.com, "Handling responses"; answers of the
 * SQL API, as supabase/wrappers has them in its tests.
 */
export function resultOf(columns: readonly string[], rows: readonly Cells[], now: Instant): Response {
  return Response.json({
    resultSetMetaData: {
      numRows: rows.length,
      format: 'jsonv2',
      partitionInfo: [{ rowCount: rows.length, uncompressedSize: 1_024 }],
      rowType: columns.map((name) => ({
        name,
        type: TIMES.has(name) ? 'timestamp_ltz' : 'text',
        nullable: true,
      })),
    },
    data: rows.map((row) => columns.map((name) => row[name] ?? null)),
    code: '090001',
    statementStatusUrl: `/api/v2/statements/${HANDLE}`,
    sqlState: '00000',
    statementHandle: HANDLE,
    message: 'Statement executed successfully.',
    createdOn: now,
  });
}

/** What is known of a failure beside its message. */
interface Fault {
  readonly code?: string;
  readonly sqlState?: string;
}

/** One that failed. Source: snowflakedb/snowflake-rest-api-specs, specifications/sqlapi.yaml, 422. */
export function failed(message: string, fault: Fault = {}): Response {
  return Response.json({ ...fault, message, statementHandle: HANDLE }, { status: 422 });
}

/** Nobody. Source: slothflowlabs/duckle, issue 22. */
export function refused(code: string, message: string): Response {
  return Response.json({ code, message }, { status: 401 });
}

/** Seconds since 1970 with nine decimals. Source: docs.snowflake.com, "Handling responses", TIMESTAMP_LTZ. */
export function secondsText(at: Instant): string {
  return `${Math.floor(at / 1_000)}.${String(at % 1_000).padStart(3, '0')}000000`;
}
