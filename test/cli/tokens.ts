import type { Finding } from '../../functions/core/findings/findings.ts';
import { DAY, HOUR } from '../../functions/core/basics/time.ts';
import type { Attempt } from '../../functions/core/token/attempt.ts';
import type { Credential } from '../../functions/core/token/credential.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { aToken, T0 } from '../fakes/tokens.ts';

export function current(change: Partial<Credential> = {}): Credential {
  return {
    id: 'v-new',
    versionId: 'v-new',
    handle: 'gitlab/77',
    origin: 'minted',
    state: 'current',
    issuedAt: T0 - 3 * DAY,
    promotedAt: T0 - 3 * DAY,
    expiresAt: T0 + 57 * DAY,
    ...change,
  };
}

export function previous(change: Partial<Credential> = {}): Credential {
  return {
    id: 'v-old',
    versionId: 'v-old',
    handle: 'gitlab/42',
    origin: 'minted',
    state: 'previous',
    issuedAt: T0 - 33 * DAY,
    promotedAt: T0 - 33 * DAY,
    supersededAt: T0 - HOUR,
    ...change,
  };
}

export function open(change: Partial<Finding> = {}): Finding {
  return {
    kind: 'previous-credential-in-use',
    subject: '',
    severity: 'critical',
    state: 'open',
    detail: 'Consumers still use it.',
    openedAt: T0 - HOUR,
    seenAt: T0,
    sequence: 1,
    ...change,
  };
}

export function attempt(change: Partial<Attempt> = {}): Attempt {
  return {
    id: 'a-1',
    cause: 'operator',
    state: 'open',
    openedAt: T0,
    deadline: T0 + HOUR,
    mints: [],
    ...change,
  };
}

/** A token in order: one credential, nothing wrong. */
export function healthy(name: string, change: Partial<Token> = {}): Token {
  return aToken({
    name,
    id: `${name}-AbC123`,
    activeAt: T0 - HOUR,
    inspectedAt: T0 - HOUR,
    enrolledAt: T0 - 40 * DAY,
    credentials: [current()],
    ...change,
  });
}
