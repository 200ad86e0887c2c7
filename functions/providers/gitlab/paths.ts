import { pathOf } from '../request.ts';

/** The API's root. Source: docs.gitlab.com, "REST API". */
export const API = '/api/v4';

/** The personal tokens of all users: there they are listed and revoked. */
export const PERSONAL = `${API}/personal_access_tokens`;

/**
 * The value's own record. Source: docs.gitlab.com, "Personal access tokens API", "Self-inform"; it answers
 * for every kind of access token.
 */
export const SELF = `${PERSONAL}/self`;

/** Where the tokens of one resource are kept in GitLab's API. */
export interface Paths {
  readonly collection: string;
  readonly create: string;
  /** The user every token must belong to; undefined where GitLab gives each token a bot of its own. */
  readonly userId: string | undefined;
}

/**
 * Sources: docs.gitlab.com, "Project access tokens API", "Group access tokens API", "Service accounts API",
 * "User tokens API".
 */
export function pathsOf({ resource }: { readonly resource: string }): Paths {
  const [kind = '', id = '', , account] = resource.split('/');
  // Personal tokens are created under their user but listed and revoked among all of the instance.
  if (kind === 'users')
    return {
      collection: PERSONAL,
      create: API + pathOf`/users/${id}/personal_access_tokens`,
      userId: id,
    };
  const collection =
    account === undefined
      ? API + pathOf`/${kind}/${id}/access_tokens`
      : API + pathOf`/${kind}/${id}/service_accounts/${account}/personal_access_tokens`;
  return { collection, create: collection, userId: account };
}
