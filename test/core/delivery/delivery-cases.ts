import { MINUTE } from '../../../functions/core/basics/time.ts';
import type { Consumer, Delivery } from '../../../functions/core/consumers/consumer-state.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

export const CURRENT: Credential = {
  id: 'v2',
  versionId: 'v2',
  handle: 'h2',
  origin: 'minted',
  state: 'current',
  issuedAt: T0,
  promotedAt: T0 + MINUTE,
};
export const OLD: Credential = {
  id: 'v1',
  versionId: 'v1',
  handle: 'h1',
  origin: 'minted',
  state: 'previous',
  supersededAt: T0 + MINUTE,
};
export const CI: Consumer = { name: 'ci', kind: 'github', target: 'acme/billing:TOKEN' };
export const BROUGHT: Delivery = {
  credentialId: 'v2',
  promotedAt: T0 + MINUTE,
  state: 'proven',
  tries: 0,
  provenAt: T0 + 2 * MINUTE,
};

export function tokenWith(consumer: Consumer, change: Partial<Token> = {}): Token {
  return aToken({ credentials: [OLD, CURRENT], consumers: [consumer], ...change });
}
