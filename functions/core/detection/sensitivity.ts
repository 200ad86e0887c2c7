import type { Policy } from '../policy/policy.ts';
import { DAY, type Millis } from '../basics/time.ts';
import type { BurstRule } from './read-rate.ts';

/** Where the unusual begins. The numbers of `normal` are those the bench is measured with. */
export interface Limits {
  /**
   * From a principal whose networks, or a token whose readers, are new as often as this share of its reads,
   * another new one is no news.
   */
  readonly roams: number;
  readonly burst: BurstRule;
  /** A read after this long without any, if the token was never as quiet before. */
  readonly silence: Millis;
  /** So many denials of one principal within about a day are a warning; fewer are mentioned only. */
  readonly denials: number;
  /** Whether a new reader is reported who comes from a network where others read the token. */
  readonly neighbours: boolean;
}

export const LIMITS = {
  low: { roams: 0.005, burst: { factor: 8, floor: 50 }, silence: 90 * DAY, denials: 20, neighbours: false },
  normal: { roams: 0.02, burst: { factor: 4, floor: 25 }, silence: 45 * DAY, denials: 5, neighbours: true },
  high: { roams: 0.1, burst: { factor: 2.5, floor: 12 }, silence: 14 * DAY, denials: 1, neighbours: true },
} as const satisfies Record<Exclude<Policy['sensitivity'], 'off'>, Limits>;

/**
 * The limits of a policy; where detection is off, habits are learnt by the usual ones, so that it can be
 * switched on at any time.
 */
export function limitsOf(policy: Pick<Policy, 'sensitivity'>): Limits {
  return LIMITS[policy.sensitivity === 'off' ? 'normal' : policy.sensitivity];
}
