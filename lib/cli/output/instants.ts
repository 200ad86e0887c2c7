import type { Iso } from '../json/basics.ts';
import { formatInstant, type Instant } from '../../../functions/core/basics/time.ts';

/** A point in time as `--json` has it. */
export function iso(at: Instant | undefined): Iso {
  return at === undefined ? null : formatInstant(at);
}
