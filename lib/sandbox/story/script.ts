import { DAY, HOUR, type Millis } from '../../../functions/core/time.ts';

/** What can be taken out of the owner's policy, to see what it is good for. */
export const SAFETIES = ['grace', 'evidence'] as const;
export type Safety = (typeof SAFETIES)[number];

/** When what happens, counted from the start of the story. */
export interface Script {
  /** How often every token is rotated, as a tag says it. */
  readonly rotateEvery: string;
  /** Somebody tidies the admin secret and drops the grant of one token. */
  readonly grantLost: Millis;
  /** The operator puts it back: before the rotation is due, which is then made in time. */
  readonly grantMended: Millis;
  readonly end: Millis;
  /** Each token is replaced at least so often. */
  readonly leastRotations: number;
}

/** Ten days: every token is replaced three times or more. */
export const FULL: Script = { rotateEvery: '3d', grantLost: 26 * HOUR, grantMended: 50 * HOUR, end: 10 * DAY, leastRotations: 3 };

/** The same in fifteen hours with one rotation, for tests. Keyturn looks at each token every six hours, and at a broken one every hour: it sees the loss and the repair in time. */
export const SHORT: Script = { rotateEvery: '9h', grantLost: HOUR, grantMended: 7 * HOUR, end: 15 * HOUR, leastRotations: 1 };
