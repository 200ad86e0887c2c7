import type { Consumer } from '../consumers/consumer-state.ts';
import type { Token } from '../token/token.ts';

/**
 * Whether a principal of a trail is the one that a consumer declares: a role by its name or ARN, in whatever
 * session. A bare name is one of the token's own account: everybody may name a role so in theirs.
 */
export function isReadBy(principal: string, consumer: Consumer, token: Token): boolean {
  if (consumer.kind !== 'role') return false;
  const declared = nameIn(consumer.target);
  const account = accountIn(consumer.target) ?? token.secretArn.split(':')[4];
  return nameIn(principal) === declared && (accountIn(principal) ?? account) === account;
}

function accountIn(arn: string): string | undefined {
  return /^arn:[^:]*:(?:iam|sts)::(\d+):/.exec(arn)?.[1];
}

/** The name of a role or user: the end of its ARN, or the middle of a session's. */
function nameIn(principal: string): string {
  const session = /:assumed-role\/([^/]+)/.exec(principal)?.[1];
  return session ?? principal.split(':').at(-1)?.split('/').at(-1) ?? principal;
}
