import { DEFAULT_POLICY } from '../../../functions/core/policy/policy.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { EndFacts } from '../../../functions/core/validity/expiry.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

/** A token with an old credential that is in use and ends by its date. */
export const BY_SECOND: EndFacts = { expiry: { settable: true, step: 'second' } };
export const BY_DAY: EndFacts = { expiry: { settable: true, step: 'day' } };
export const END = T0 + 20 * DAY;
export const USED = [{ who: 'issuer', why: 'it was last used just now', since: T0 }];
export const NOW: Credential = {
  id: 'v2',
  versionId: 'v2',
  handle: 'h2',
  origin: 'minted',
  state: 'current',
  promotedAt: T0,
  expiresAt: T0 + 90 * DAY,
};
export const OLD: Credential = {
  id: 'v1',
  versionId: 'v1',
  handle: 'h1',
  origin: 'minted',
  state: 'previous',
  supersededAt: T0,
  expiresAt: END,
  pendingConsumers: USED,
};
export const POLICY = {
  ...DEFAULT_POLICY,
  warnBefore: [14 * DAY, 7 * DAY, 3 * DAY, DAY],
  minGrace: 2 * HOUR,
  maxGrace: 30 * DAY,
};

export function token(old: Partial<Credential> = {}): Token {
  return aToken({ policy: POLICY, credentials: [{ ...OLD, ...old }, NOW] });
}
