import type { OddCall } from '../../functions/core/detection/odd-callers.ts';
import { SECOND } from '../../functions/core/basics/time.ts';
import { aRead } from './events.ts';
import { NOW } from './habits.ts';

/** One odd call at one of some tokens, a second after the one at the token before. */
export function odd(
  token: number,
  change: Partial<OddCall> & { at?: number; principal?: string; network?: string } = {},
): OddCall {
  const {
    at = NOW + token * SECOND,
    principal = 'user/mallory',
    network = '198.51.0.0/16',
    ...more
  } = change;
  return {
    tokenId: `t${token}-AbC123`,
    tokenName: `prod/t${token}`,
    sight: aRead({ principal, at, network, agent: 'python-requests' }),
    isLoud: false,
    isReader: false,
    ...more,
  };
}

/** The same at so many tokens. */
export function many(count: number, change: Parameters<typeof odd>[1] = {}): OddCall[] {
  return Array.from({ length: count }, (_, token) => odd(token, change));
}
