/** A name that keeps its case. Source: docs.snowflake.com, "Identifier requirements". */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text, in which a backslash escapes. Source: docs.snowflake.com, "String & binary data types". */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

interface New {
  readonly name: string;
  readonly role: string;
  readonly days: number;
}

const alter = (user: string): string => `ALTER USER ${identifier(user)}`;

/**
 * Without IF NOT EXISTS: that would succeed and make nothing. Source: docs.snowflake.com, "ALTER USER … ADD
 * PROGRAMMATIC ACCESS TOKEN".
 */
export function addToken(user: string, { name, role, days }: New): string {
  return (
    `${alter(user)} ADD PROGRAMMATIC ACCESS TOKEN ${identifier(name)} ` +
    `ROLE_RESTRICTION = ${literal(role)} DAYS_TO_EXPIRY = ${days}`
  );
}

/** Source: docs.snowflake.com, "ALTER USER … REMOVE PROGRAMMATIC ACCESS TOKEN". */
export function removeToken(user: string, name: string): string {
  return `${alter(user)} REMOVE PROGRAMMATIC ACCESS TOKEN ${identifier(name)}`;
}

/** Source: docs.snowflake.com, "ALTER USER … MODIFY PROGRAMMATIC ACCESS TOKEN". */
export function setDisabled(user: string, name: string, isOff: boolean): string {
  const value = isOff ? 'TRUE' : 'FALSE';
  return `${alter(user)} MODIFY PROGRAMMATIC ACCESS TOKEN ${identifier(name)} SET DISABLED = ${value}`;
}

/**
 * Always with a user: without one it lists those of the admin. Source: docs.snowflake.com, "SHOW USER
 * PROGRAMMATIC ACCESS TOKENS".
 */
export function showTokens(user: string): string {
  return `SHOW USER PROGRAMMATIC ACCESS TOKENS FOR USER ${identifier(user)}`;
}

/** Reads no table. Source: docs.snowflake.com, "CURRENT_USER". */
export const WHO = 'SELECT CURRENT_USER()';
