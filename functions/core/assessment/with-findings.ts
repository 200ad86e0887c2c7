import type { Token } from '../token/token.ts';
import type { Instant } from '../basics/time.ts';
import { tracked } from '../findings/finding-lifecycle.ts';
import type { Facts } from './assess-rotation.ts';
import { assess } from './assess.ts';
import { outlookOf, warningsOf } from './time-left.ts';

/**
 * Holds what is wrong now against what was known: opens, escalates, resolves, and puts a fact for each step
 * into the outbox.
 */
export function withFindings(token: Token, facts: Facts | undefined, now: Instant): Token {
  const seen = assess(token, facts, now).map((one) => ({
    ...one,
    warnings: one.warnings ?? warningsOf(token, one, now),
    outlook: one.outlook ?? outlookOf(token, one, now),
  }));
  return tracked(token, token, seen, now);
}
