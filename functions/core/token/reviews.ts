import { telling } from './telling.ts';
import type { Review } from './decisions.ts';
import type { Token } from './token.ts';

/** What a record keeps; older decisions stay in the history. */
const KEPT_REVIEWS = 10;

/** Puts a person's decision on record, once a request. */
export function withReview(token: Token, review: Review): Token {
  const { at, request, by, decision, reason, scopes } = review;
  if (token.reviews?.some((one) => one.request === request && one.by === by)) return token;
  const kept = [...(token.reviews ?? []), review].slice(-KEPT_REVIEWS);
  const what =
    decision === 'approved'
      ? `approved${scopes === undefined ? '' : `, with the scopes ${scopes.join(', ') || 'none'}`}`
      : `refused: ${reason ?? 'no reason was given'}`;
  return telling(
    { ...token, reviews: kept },
    { what: 'reviewed', about: String(request), detail: what, by, at },
  );
}
