import { pathOf } from '../request.ts';

/** Where the tokens of one resource are kept in GitLab's API. */
export interface Paths {
  readonly collection: string;
  readonly create: string;
  readonly query: Readonly<Record<string, string>>;
  item(id: number): string;
  /** The account every token must belong to; undefined where GitLab gives each token a bot of its own. */
  readonly userId: number | undefined;
  /** Whether tokens of other accounts are reached by the same paths, so that a number alone says nothing. */
  readonly shared: boolean;
}

/** The API's root. Source: docs.gitlab.com, "REST API". */
export const API = '/api/v4';

/**
 * The value's own record. Source: docs.gitlab.com, "Personal access tokens API", "Self-inform"; it answers
 * for every kind of access token.
 */
export const SELF = `${API}/personal_access_tokens/self`;

/**
 * Sources: docs.gitlab.com, "Project access tokens API", "Group access tokens API", "Service accounts API",
 * "User tokens API".
 */
export function pathsOf(resource: string): Paths {
  const [kind = '', id = '', , account] = resource.split('/');
  if (kind === 'users') return personal(Number(id));
  if (account !== undefined)
    return under(
      `${API}${pathOf`/groups/${id}/service_accounts/${account}/personal_access_tokens`}`,
      Number(account),
    );
  return under(`${API}${pathOf`/${kind}/${id}/access_tokens`}`, undefined);
}

function under(collection: string, userId: number | undefined): Paths {
  return {
    collection,
    create: collection,
    query: {},
    item: (id) => `${collection}/${id}`,
    userId,
    shared: false,
  };
}

/** Personal tokens are created under their user but listed and revoked among all of the instance. */
function personal(userId: number): Paths {
  const collection = `${API}/personal_access_tokens`;
  const create = `${API}${pathOf`/users/${userId}/personal_access_tokens`}`;
  return {
    collection,
    create,
    query: { user_id: String(userId) },
    item: (id) => `${collection}/${id}`,
    userId,
    shared: true,
  };
}
