import * as z from 'zod';
import { Value } from '../declared/forms.ts';
import { nameOf } from '../snowflake-api.ts';
import { Done, Moment, NullableText, Text, rowOf, rowsOf } from '../snowflake-rows.ts';

export const Grant = z.strictObject({ role: nameOf('a role of the user') });

/** A marker as a name that is the same with quotes and without. */
export function tokenName(marker: string): string {
  return marker.toUpperCase().replaceAll('-', '_');
}

/** A name that has the form of a marker as that marker; any other one as it is. */
export function markerOf(name: string): string {
  return /^KEYTURN(_[0-9A-F]+)+$/.test(name) ? name.toLowerCase().replaceAll('_', '-') : name;
}

const STATES = { ACTIVE: 'active', EXPIRED: 'expired', DISABLED: 'disabled' } as const;

const Token = z
  .object({
    name: Text.pipe(z.string().min(1)),
    user_name: Text,
    role_restriction: NullableText,
    expires_at: Moment,
    status: Text.pipe(z.enum(['ACTIVE', 'EXPIRED', 'DISABLED'])),
    created_on: Moment,
  })
  .transform((token) => ({
    id: token.name,
    name: token.name,
    owner: token.user_name,
    state: STATES[token.status],
    createdAt: token.created_on,
    expiresAt: token.expires_at,
    scopes: token.role_restriction === '' ? [] : [token.role_restriction],
  }));

export const TokenRows = rowsOf(Token);

/** What must not be lost of a creation: the first row by its columns, whatever else is said. */
const NewRow = z
  .object({
    resultSetMetaData: z.object({ rowType: z.array(z.object({ name: z.string() })) }),
    data: z.array(z.array(z.unknown())).min(1),
  })
  .transform(({ resultSetMetaData: { rowType }, data: [cells = []] }) =>
    Object.fromEntries(rowType.map(({ name }, at) => [name, cells[at]])),
  );
export const MadeToken = NewRow.pipe(
  z.object({ token_name: z.string().min(1), token_secret: Value }),
).transform(({ token_name: id, token_secret: value }) => ({ id, value }));

/** The same as in lists, where the rest of it is found. */
export const NewEntry = rowOf(z.object({ token_name: Text, token_secret: Text })).transform(
  ({ token_name: name }) => ({ id: name, name, state: 'active' as const }),
);

/** Source: docs.snowflake.com, "Using programmatic access tokens for authentication", rotating a token. */
export function removed(name: string) {
  return Done.refine(({ status }) => status === `Programmatic access token ${name} successfully removed.`);
}

/** Source: answers of the SQL API, as users report them; okou-ai/vm0-skills, pull request 178. */
export const NoNetworkPolicy = z.object({
  code: z.literal('390432'),
  message: z.string().regex(/^Fail : Network policy is required\.?$/),
});

/** The token is removed, expired or disabled, or the user may not use one: all in the same words. */
export const Invalid = z.object({
  code: z.literal('394400'),
  message: z.literal('Programmatic access token is invalid.'),
});
