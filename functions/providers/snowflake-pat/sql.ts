import { alterUser, identifier, literal } from '../snowflake-api.ts';

interface New {
  readonly name: string;
  readonly role: string;
  readonly days: number;
}

/**
 * Without IF NOT EXISTS: that would succeed and make nothing. Source: docs.snowflake.com, "ALTER USER … ADD
 * PROGRAMMATIC ACCESS TOKEN".
 */
export function addToken(user: string, { name, role, days }: New): string {
  return (
    `${alterUser(user)} ADD PROGRAMMATIC ACCESS TOKEN ${identifier(name)} ` +
    `ROLE_RESTRICTION = ${literal(role)} DAYS_TO_EXPIRY = ${days}`
  );
}

/** Source: docs.snowflake.com, "ALTER USER … REMOVE PROGRAMMATIC ACCESS TOKEN". */
export function removeToken(user: string, name: string): string {
  return `${alterUser(user)} REMOVE PROGRAMMATIC ACCESS TOKEN ${identifier(name)}`;
}

/** Source: docs.snowflake.com, "ALTER USER … MODIFY PROGRAMMATIC ACCESS TOKEN". */
export function setDisabled(user: string, name: string, isOff: boolean): string {
  const value = isOff ? 'TRUE' : 'FALSE';
  return `${alterUser(user)} MODIFY PROGRAMMATIC ACCESS TOKEN ${identifier(name)} SET DISABLED = ${value}`;
}

/**
 * Always with a user: without one it lists those of the admin. Source: docs.snowflake.com, "SHOW USER
 * PROGRAMMATIC ACCESS TOKENS".
 */
export function showTokens(user: string): string {
  return `SHOW USER PROGRAMMATIC ACCESS TOKENS FOR USER ${identifier(user)}`;
}
