import { withCredential } from '../../core/token/transitions.ts';
import { withProbe } from '../../core/validity/probes.ts';
import type { Instant } from '../../core/basics/time.ts';
import { currentOf } from '../../core/token/lookups.ts';
import type { Token } from '../../core/token/token.ts';
import type { LastLook } from './target.ts';

/** What the last look showed of the current credential. A use of ours at that time is no consumer's. */
export function withLastLook(token: Token, seen: LastLook | undefined): Token {
  switch (seen?.outcome) {
    case undefined:
    case 'unknown':
      return askedOfCurrent(token, seen?.at);
    case 'active':
      return {
        ...askedOfCurrent(token, seen.at),
        validity: { at: seen.at, outcome: 'active' },
        activeAt: seen.at,
        refusedSince: undefined,
      };
    case 'inactive':
      return {
        ...askedOfCurrent(token, seen.at),
        validity: { at: seen.at, outcome: 'inactive' },
        refusedSince: token.refusedSince ?? seen.at,
      };
  }
}

function askedOfCurrent(token: Token, at: Instant | undefined): Token {
  const current = currentOf(token);
  return current === undefined || at === undefined
    ? token
    : withCredential(token, current.id, (one) => withProbe(one, at));
}
