import type { LifecycleFact } from '../findings/events.ts';
import { lifeFactId } from '../findings/fact-ids.ts';
import type { Token } from './token.ts';
import type { Instant } from '../basics/time.ts';

/** A fact about a token's life. */
export function lifecycleFact(
  token: Token,
  fact: {
    what: LifecycleFact['what'];
    about: string;
    detail: string;
    by: string;
    at: Instant;
    incident?: LifecycleFact['incident'];
  },
): LifecycleFact {
  return {
    type: 'lifecycle',
    id: lifeFactId(token.id, fact),
    at: fact.at,
    tokenId: token.id,
    name: token.name,
    issuer: token.provider,
    owner: token.owner,
    environment: token.environment,
    what: fact.what,
    detail: fact.detail,
    by: fact.by,
    ...(fact.incident && { incident: fact.incident }),
  };
}

/** Puts a fact into the outbox, once. */
export function telling(token: Token, fact: Parameters<typeof lifecycleFact>[1]): Token {
  const made = lifecycleFact(token, fact);
  return token.outbox.some((one) => one.id === made.id)
    ? token
    : { ...token, outbox: [...token.outbox, made] };
}
