import { withAttempt } from '../../core/token/transitions.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import type { Mint } from '../../core/token/attempt.ts';
import type { Token } from '../../core/token/token.ts';
import { change } from '../inventory/store.ts';
import { requireHeld } from './lease-attempt.ts';
import { attemptIn, type Step } from './step.ts';

/** Writes down what is about to be created, before it is, so that it is looked for if no answer comes. */
export function noteMint(step: Step, record: Loaded, mint: Mint, ports: Ports): Promise<Loaded> {
  return change(record, ports, (token) => withMint(token, step, mint));
}

/** The same in a change that notes more. Error: `rotation-aborted` for an attempt that is over. */
export function withMint(token: Token, step: Step, mint: Mint): Token {
  requireHeld(attemptIn(token, step), step);
  return withAttempt(token, step.event.requestToken, (attempt) => ({
    ...attempt,
    mints: [...attempt.mints, mint],
  }));
}
