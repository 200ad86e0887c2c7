import { alterUser, identifier, literal } from '../snowflake-api.ts';

/** The two properties from before key pairs had names, by the names that lists show for them. */
const PROPERTIES: ReadonlyMap<string, string> = new Map([
  ['PUBLIC_KEY_1', 'RSA_PUBLIC_KEY'],
  ['PUBLIC_KEY_2', 'RSA_PUBLIC_KEY_2'],
]);

/**
 * Refused where the name is taken, or the user has this key already: it never takes the place of another key,
 * as SET RSA_PUBLIC_KEY would. Source: docs.snowflake.com, "ALTER USER … ADD KEY PAIR".
 */
export function addPair(user: string, name: string, publicText: string): string {
  return `${alterUser(user)} ADD KEY PAIR ${identifier(name)} PUBLIC_KEY = ${literal(publicText)}`;
}

/**
 * Those with reserved names are no named ones, and are ended otherwise. Source: docs.snowflake.com, "ALTER
 * USER … REMOVE KEY PAIR".
 */
export function endPair(user: string, name: string): string {
  const property = PROPERTIES.get(name);
  return property === undefined
    ? `${alterUser(user)} REMOVE KEY PAIR ${identifier(name)}`
    : `${alterUser(user)} UNSET ${property}`;
}

/** Source: docs.snowflake.com, "ALTER USER … MODIFY KEY PAIR". */
export function setDisabled(user: string, name: string, isOff: boolean): string {
  const value = isOff ? 'TRUE' : 'FALSE';
  return `${alterUser(user)} MODIFY KEY PAIR ${identifier(name)} SET DISABLED = ${value}`;
}

/**
 * Always with a user: without one it lists those of the admin. Source: docs.snowflake.com, "SHOW USER KEY
 * PAIRS".
 */
export function showPairs(user: string): string {
  return `SHOW USER KEY PAIRS FOR USER ${identifier(user)}`;
}
