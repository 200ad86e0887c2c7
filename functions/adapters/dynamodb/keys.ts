const PREFIX = 'T#';

/** The partition of a token: its record and its history. */
export function tokenPk(tokenId: string): string {
  return PREFIX + tokenId;
}

/** The token whose partition it is. */
export function tokenIdIn(pk: string): string {
  return pk.slice(PREFIX.length);
}
