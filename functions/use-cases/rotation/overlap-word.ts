import { nextOpening } from '../../core/basics/calendar.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { calendarOf } from '../../core/policy/policy.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { wordMissing } from '../../core/rotation/replacement.ts';
import { isOut } from '../../core/token/exposure.ts';
import { currentOf } from '../../core/token/lookups.ts';
import type { Token } from '../../core/token/token.ts';
import { endGrace } from './give-up.ts';
import { attemptIn, type Step } from './step.ts';

/**
 * The first look, before any call to the issuer: whether a creation that ends the current value may begin at
 * all. What has begun goes on, whatever the policy says by now. Error: `overlap-missing`; the rotation is
 * over then, and nothing is lost.
 */
export async function requireOverlapWord(step: Step, token: Token, ports: Ports): Promise<void> {
  const current = currentOf(token);
  if (current?.replacing !== undefined) return;
  const { policy } = step.registration;
  const isAnswer = current !== undefined && isOut(token, current);
  if (!isAnswer && policy.overlap !== 'none') return stop(step, wordMissing(token.name), ports);
  const isByHand = attemptIn(token, step).cause === 'console';
  const opens = nextOpening(calendarOf(policy), ports.now());
  if (isByHand && !isAnswer && opens !== ports.now())
    return stop(
      step,
      `Nothing is made for ${token.name} outside of its rotation windows, or in a freeze: it would end the ` +
        'current value. `keyturn rotate` does it all the same.',
      ports,
    );
}

/** The rotation is over, and the current value goes on. */
export function stop(step: Step, why: string, ports: Ports): Promise<never> {
  return endGrace(step, new KeyturnError('overlap-missing', why), ports);
}
