/**
 * Ids of issuers that a user declares in a file. They have a beginning of their own, so that no later version
 * can ship one of the same id.
 */
export const OWN_ID = /^own-[a-z0-9]([a-z0-9-]{0,14}[a-z0-9])?$/;

/** What to write for such an id. */
export const OWN_ID_FIX = 'write own- and up to 16 small letters, digits and hyphens, like own-hub';

/** Whether an id is one of an issuer that a user declares. */
export function isOwnId(id: string): boolean {
  return OWN_ID.test(id);
}

/** Whether an id is meant as one of those, be it right or not. */
export function isMeantAsOwn(id: string): boolean {
  return id.startsWith('own-');
}
