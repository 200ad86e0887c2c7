/**
 * What is asked of NerdGraph. Each is a constant: what differs is sent as a variable beside it. None asks for
 * the value of a key but that of a new one, and that of the key that asks.
 */

/** Whose key asks. */
export const SELF = '{ actor { user { id } } }';

/** The same, and the key whose id is given. */
export const OWN =
  'query($id: ID!) { actor { user { id } apiAccess { key(id: $id, keyType: USER) ' +
  '{ id key type ... on ApiAccessUserKey { accountId userId } } } } }';

const FOUND =
  '{ count nextCursor keys { id name type createdAt ... on ApiAccessUserKey { accountId userId } } }';

export const SEARCH =
  'query($query: ApiAccessKeySearchQuery!) { actor { apiAccess { keySearch(query: $query) ' +
  `${FOUND} } } }`;

/** The pages after the first one: most lists have none, and the cursor is documented least. */
export const SEARCH_ON =
  'query($query: ApiAccessKeySearchQuery!, $cursor: String) ' +
  `{ actor { apiAccess { keySearch(query: $query, cursor: $cursor) ${FOUND} } } }`;

export const CREATE =
  'mutation($keys: ApiAccessCreateInput!) { apiAccessCreateKeys(keys: $keys) ' +
  '{ createdKeys { id key name type createdAt ... on ApiAccessUserKey { accountId userId } } ' +
  'errors { message type } } }';

export const DELETE =
  'mutation($keys: ApiAccessDeleteInput!) { apiAccessDeleteKeys(keys: $keys) ' +
  '{ deletedKeys { id } errors { message type } } }';

const NAMES: ReadonlyMap<unknown, string> = new Map([
  [SELF, 'user'],
  [OWN, 'key'],
  [SEARCH, 'keySearch'],
  [SEARCH_ON, 'keySearch'],
  [CREATE, 'apiAccessCreateKeys'],
  [DELETE, 'apiAccessDeleteKeys'],
]);

/** What a query asks for, in one word. */
export function nameOf(query: unknown): string {
  return NAMES.get(query) ?? 'another query';
}
