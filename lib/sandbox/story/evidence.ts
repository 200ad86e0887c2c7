import type { Fact } from '../../../functions/core/findings/events.ts';
import type { FindingKind } from '../../../functions/core/findings/findings.ts';
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Mail } from '../runtime/outbox.ts';
import type { Heard } from './alerts.ts';
import type { Calls, Holdings } from './audit.ts';
import type { Check } from './checks.ts';

/** A finding that an episode is about; any other one breaks a promise. */
export interface Expected {
  readonly secret: string;
  readonly kind: FindingKind;
}

/** What an episode is judged by, besides what is promised of all. */
export interface Judged {
  readonly expects: readonly Expected[];
  check(evidence: Evidence): Check;
}

/** Everything that promises are judged by. */
export interface Evidence {
  readonly secrets: readonly string[];
  /** Those of them that are to be rotated again and again. */
  readonly usual: readonly string[];
  readonly facts: readonly Fact[];
  readonly calls: readonly Calls[];
  readonly holdings: readonly Holdings[];
  readonly heard: Heard;
  readonly mails: readonly Mail[];
  readonly start: Instant;
  readonly episodes: readonly Judged[];
  /** Places in which a secret value was found. */
  readonly leaks: readonly string[];
  /** How many places were searched for how many values. */
  readonly searched: { readonly places: number; readonly values: number };
  readonly leastRotations: number;
}
