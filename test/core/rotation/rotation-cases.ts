import type { Credential } from '../../../functions/core/token/credential.ts';
import { T0 } from '../../fakes/tokens.ts';
import { slotsOf } from '../../fakes/facts.ts';

export const MANY = { slots: slotsOf(100) };

export function current(change: Partial<Credential> = {}): Credential {
  return { id: 'v1', origin: 'minted', state: 'current', issuedAt: T0, promotedAt: T0, ...change };
}
