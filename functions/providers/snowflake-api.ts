import * as z from 'zod';
import type { Instant } from '../core/basics/time.ts';
import type { Headers } from './declared/calls.ts';
import type { Examination } from './declared/declaration.ts';
import { whose } from './declared/whose.ts';
import { AdminSecret } from './grants.ts';
import type { HttpRequest } from './request.ts';
import type { SafeReason } from './safe-reasons.ts';
import { rsaKeyIn } from './signed-jwt.ts';
import { Self } from './snowflake-rows.ts';
import { asKeyPair } from './snowflake-signing.ts';

/** Where all statements go. */
export const STATEMENTS = '/api/v2/statements';

/** Reads no table. Source: docs.snowflake.com, "CURRENT_USER". */
export const WHO = 'SELECT CURRENT_USER()';
const USER_PAGE = 'docs.snowflake.com, "CURRENT_USER"';

/**
 * A statement that Snowflake gives up before Keyturn stops waiting for its answer: what was not answered is
 * not carried out later. Source: docs.snowflake.com, "Snowflake SQL API reference", timeout. Without a role
 * it is the one that the credential is restricted to, or the user's own.
 */
export function statement(text: string, role?: string): NonNullable<HttpRequest['body']> {
  return { json: { statement: text, timeout: 8, ...(role !== undefined && { role }) } };
}

/** A name that keeps its case. Source: docs.snowflake.com, "Identifier requirements". */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text, in which a backslash escapes. Source: docs.snowflake.com, "String & binary data types". */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** The beginning of all statements that change a user. */
export function alterUser(user: string): string {
  return `ALTER USER ${identifier(user)}`;
}

/** What a request asks for, by the words of its statement that are no names. */
export function calledBy(words: RegExp): (request: HttpRequest) => string {
  return ({ path, body }) => {
    const [word = 'SELECT'] = words.exec(JSON.stringify(body ?? {})) ?? [];
    return `${path} (${word.trim()})`;
  };
}

/**
 * As Snowflake keeps a name that is written without quotes. Source: docs.snowflake.com, "Identifier
 * requirements".
 */
export function nameOf(what: string) {
  return z
    .string()
    .regex(/^[A-Z_][A-Z0-9_$]{0,254}$/, `must be the name of ${what} in capitals, as Snowflake keeps it`);
}

/** Who signs, and with which role. */
export const Admin = z.strictObject({
  account: z
    .string()
    .regex(
      /^[A-Z0-9_]{1,128}(-[A-Z0-9_]{1,128})?$/,
      'must be the account identifier in capitals, such as ACME-MAIN, without a Region',
    ),
  user: nameOf('the admin user'),
  role: nameOf('the role of the admin user'),
  private_key_base64: AdminSecret,
});
export type Admin = z.infer<typeof Admin>;

export const User = z.strictObject({ user: nameOf('a user') });
export type User = z.infer<typeof User>;

/** The headers of the admin user. */
export function asAdmin({ account, user, private_key_base64: text }: Admin, now: Instant): Headers {
  const key = rsaKeyIn(Buffer.from(text.reveal(), 'base64').toString());
  return asKeyPair({ account, user, key }, now);
}

/** Whether Snowflake takes what the admin key signs for the admin user's. */
export function examination(admin: Admin, now: Instant): Examination {
  return {
    request: {
      method: 'POST',
      path: STATEMENTS,
      headers: asAdmin(admin, now),
      body: statement(WHO, admin.role),
      repeatable: true,
    },
    verdicts: whose(Self, (name) => name === admin.user, {
      another: `Snowflake takes the admin key for one of another user than ${admin.user}.`,
      source: USER_PAGE,
    }),
  };
}

/** What Snowflake says to the admin, in words that help. */
export const REASONS: readonly SafeReason[] = [
  {
    status: 401,
    pattern: /"code"\s?:\s?"390144"/,
    says:
      'Snowflake does not accept what the admin key signed: the account, the user or the key is another ' +
      'one, or a clock is off',
    source: 'docs.snowflake.com, "Key Pair Authentication: Troubleshooting"; slothflowlabs/duckle, issue 22',
  },
  {
    status: 422,
    pattern: /"code"\s?:\s?"003001"/,
    says:
      'the role of the admin user lacks the privilege MODIFY PROGRAMMATIC AUTHENTICATION METHODS on ' +
      'the user',
    source: 'answers of Snowflake to roles without a privilege, as users report them: 003001 (42501)',
  },
];
