/** A collection of tokens that a path names. */
export interface Place {
  readonly resource: string | undefined;
  readonly tokenId: string | undefined;
}

/** Whether GitLab gives each token of this resource a bot user of its own. */
export function isBot(resource: string): boolean {
  return /^(projects|groups)\/\d+$/.test(resource);
}

const TOKENS_PATH =
  /^\/(?:(projects\/\d+|groups\/\d+)\/access_tokens|(groups\/\d+\/service_accounts\/\d+|users\/\d+)\/personal_access_tokens)(?:\/(\d+))?$/;

/** What a path below `/api/v4` is about; undefined when it is no collection of tokens. */
export function placeOf(path: string, query: URLSearchParams): Place | undefined {
  const match = TOKENS_PATH.exec(path);
  if (match) return { resource: match[1] ?? match[2], tokenId: match[3] };
  const personal = /^\/personal_access_tokens(?:\/(\d+))?$/.exec(path);
  if (!personal) return undefined;
  const user = query.get('user_id');
  return { resource: user === null ? undefined : `users/${user}`, tokenId: personal[1] };
}

/** `project` or `group`, as GitLab's sentences name what a token belongs to. */
export function kindOf(resource: string): string {
  return resource.startsWith('projects/') ? 'project' : 'group';
}
