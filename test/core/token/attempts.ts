import type { Attempt } from '../../../functions/core/token/attempt.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0 } from '../../fakes/tokens.ts';

export const currents = (token: Token): Credential[] =>
  token.credentials.filter((one) => one.state === 'current');

export function anAttempt(change: Partial<Attempt> = {}): Attempt {
  return {
    id: 'attempt-1',
    cause: 'due',
    state: 'promoting',
    openedAt: T0,
    deadline: T0 + 1,
    mints: [{ at: T0, handle: 'h1', fingerprint: 'f1', expiresAt: T0 + 2 }],
    ...change,
  };
}

export const SEEN = { now: T0 + 5, by: 'keyturn' };
