import type { Instant } from '../../../functions/core/basics/time.ts';

const HANDLE = '01b4f9d4-3202-9f46-0000-0001cf56d011';

type Cells = Readonly<Record<string, string | null>>;

/** Columns that hold times. */
const TIMES = new Set(['expires_at', 'created_on', 'last_used_on']);

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

/** There is no such thing. Source: answers of Snowflake, as users report them: 002003 (02000). */
export function missing(what: string, name: string): Response {
  return failed(`SQL compilation error:\n${what} '${name}' does not exist or not authorized.`, {
    code: '002003',
    sqlState: '02000',
  });
}

/** There is one by this name. */
export function taken(name: string): Response {
  return failed(`SQL compilation error:\nObject '${name}' already exists.`, {
    code: '002002',
    sqlState: '42710',
  });
}

/** The role may not do it. Source: answers of Snowflake, as users report them: 003001 (42501). */
export function notAllowed(user: string): Response {
  return failed(`SQL access control error:\nInsufficient privileges to operate on user '${user}'`, {
    code: '003001',
    sqlState: '42501',
  });
}

/** It is no statement. Source: answers of Snowflake, as users report them: 001003 (42000). */
export function notUnderstood(): Response {
  return failed('SQL compilation error:\nsyntax error line 1 at position 0.', {
    code: '001003',
    sqlState: '42000',
  });
}

/** A statement that changes something was carried out. */
export function carriedOut(now: Instant, status = 'Statement executed successfully.'): Response {
  return resultOf(['status'], [{ status }], now);
}

/** Who a user is. */
export function whoAnswer(user: string, now: Instant): Response {
  return resultOf(['CURRENT_USER()'], [{ 'CURRENT_USER()': user }], now);
}

/** What a JWT that is not accepted is told, whatever the reason. Source: slothflowlabs/duckle, issue 22. */
export function notSigned(): Response {
  return refused('390144', 'JWT token is invalid. [0ce9eb56-821d-4ca9-a774-04ae89a0cf5a]');
}

/** Nobody. Source: slothflowlabs/duckle, issue 22. */
export function refused(code: string, message: string): Response {
  return Response.json({ code, message }, { status: 401 });
}

/** Seconds since 1970 with nine decimals. Source: docs.snowflake.com, "Handling responses", TIMESTAMP_LTZ. */
export function secondsText(at: Instant): string {
  return `${Math.floor(at / 1_000)}.${String(at % 1_000).padStart(3, '0')}000000`;
}
