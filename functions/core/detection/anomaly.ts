import type { Finding, FindingKind } from '../findings/findings.ts';
import { DAY, formatInstant, type Instant } from '../basics/time.ts';
import type { Token } from '../token/token.ts';
import type { Sight } from './access.ts';
import type { Baseline } from './baseline.ts';

/** Something worth telling of a token, and when it is over by itself. */
export interface Unusual extends Pick<Finding, 'subject' | 'severity' | 'detail'> {
  readonly kind: FindingKind;
  readonly until: Instant;
  /**
   * The call behind it, where somebody who does the same at many tokens is one thing: a stranger, a reader at
   * a new place, a denial.
   */
  readonly sight?: Sight;
  /** Whether each further time has something else to say. */
  readonly grows?: true;
}

/** What one access tells. */
export interface Judgement {
  readonly baseline: Baseline;
  readonly unusual: readonly Unusual[];
  /** Kinds that this access puts an end to. */
  readonly over?: readonly FindingKind[];
}

/** What judging needs to know beside the token's own record. */
export interface Circumstances {
  readonly region: string;
  /** Whether a function is the one that should rotate the token. */
  readonly isRotationFunction: (arn: string) => boolean;
}

/** The part of a token's record that judging looks at. */
export type Watched = Pick<Token, 'id' | 'policy' | 'enrolledAt' | 'credentials' | 'attempts'>;

/** What was seen, in the words that every detail ends with. */
export function seenFrom(access: Pick<Sight, 'network' | 'region' | 'agent' | 'at'>): string {
  return `from ${access.network} in ${access.region} with ${access.agent} at ${formatInstant(access.at)}`;
}

/** How long findings stay open after the last time that they were seen. */
export const STAYS = {
  unrecognizedReader: 7 * DAY,
  change: 7 * DAY,
  burst: DAY,
  denial: 2 * DAY,
  stale: 7 * DAY,
  wake: 3 * DAY,
  rotation: 31 * DAY,
  deletion: DAY,
} as const;
