import type { Secret } from '../../core/basics/secret.ts';
import type { Instant } from '../../core/basics/time.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { Headers } from './calls.ts';

/** What is asked, and when. `uri`: path and query as they are sent. */
export interface Proven {
  readonly method: string;
  readonly uri: string;
  readonly now: Instant;
}

/**
 * For values that are proven and not sent: the question is asked once more, with headers that answer the
 * challenge of its first answer. Undefined where that is none.
 */
export type Proving = (challenge: HttpAnswer, value: Secret, asked: Proven) => Headers | undefined;
