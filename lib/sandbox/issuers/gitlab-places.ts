/** A collection of tokens that a path names. */
export interface Place {
  readonly resource: string | undefined;
  readonly tokenId: string | undefined;
}

/** Whether GitLab gives each token of this resource a bot user of its own. */
export function isBot(resource: string): boolean {
  return /^(projects|groups)\/\d+$/.test(resource);
}

/** Whether it is a service account, of a group or a project. */
export function isServiceAccount(resource: string | undefined): boolean {
  return resource?.includes('/service_accounts/') === true;
}

const TOKENS_PATH =
  /^\/(?:(projects\/\d+|groups\/\d+)\/access_tokens|((?:groups|projects)\/\d+\/service_accounts\/\d+|users\/\d+)\/personal_access_tokens)(?:\/(\d+))?$/;

/** What a path below `/api/v4` is about; undefined when it is no collection of tokens. */
export function placeOf(path: string, query: URLSearchParams): Place | undefined {
  const match = TOKENS_PATH.exec(path);
  if (match) return { resource: match[1] ?? match[2], tokenId: match[3] };
  const personal = /^\/personal_access_tokens(?:\/(\d+))?$/.exec(path);
  if (!personal) return undefined;
  const user = query.get('user_id');
  return { resource: user === null ? undefined : `users/${user}`, tokenId: personal[1] };
}

/**
 * What GitLab says of a resource that is not there. Source, for service accounts: gitlabhq/gitlabhq,
 * lib/api/group_service_accounts.rb and lib/api/project_service_accounts.rb.
 */
export function missingPlace(resource: string): string {
  if (isServiceAccount(resource)) return 'User Not Found';
  return resource.startsWith('projects/') ? 'Project Not Found' : 'Group Not Found';
}

/** What GitLab says of a token that is not there. Source: the same, lib/api/resource_access_tokens.rb. */
export function missingToken(resource: string | undefined): string {
  if (isServiceAccount(resource)) return 'Personal Access Token Not Found';
  return resource?.startsWith('projects/') ? 'project Access Token Not Found' : 'Not Found';
}

/** `project` or `group`, as GitLab's sentences name what a token belongs to. */
export function kindOf(resource: string): string {
  return resource.startsWith('projects/') ? 'project' : 'group';
}
