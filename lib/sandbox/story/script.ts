import { DAY, HOUR, type Instant, type Millis } from '../../../functions/core/time.ts';
import { GROUP_ENDS_AFTER } from './cast.ts';
import type { Episode } from './episode.ts';
import { freeze } from './episodes/freeze.ts';
import { laggard } from './episodes/laggard.ts';
import { leak } from './episodes/leak.ts';
import { lostGrant } from './episodes/lost-grant.ts';
import { READER } from './episodes/reader.ts';
import { STAGED } from './episodes/staging.ts';

/** What can be taken out of the owner's policy, to see what it is good for. */
export const SAFETIES = ['grace', 'evidence'] as const;
export type Safety = (typeof SAFETIES)[number];

/** What happens, and for how long. */
export interface Script {
  /** How often each token of the usual cast is rotated, as a tag says it. */
  readonly rotateEvery: string;
  readonly end: Millis;
  /** Each of them is replaced at least so often. */
  readonly leastRotations: number;
  /** Whether a trail is watched, for episodes in which somebody reads. */
  readonly trail: boolean;
  episodes(start: Instant): readonly Episode[];
}

/** Eight days: every token of the usual cast is replaced three times or more. */
export const FULL: Script = {
  rotateEvery: '60h',
  end: 8 * DAY,
  leastRotations: 3,
  trail: true,
  // The grant is put back before the rotation is due, which is then made in time.
  episodes: (start) => [lostGrant({ lost: 26 * HOUR, mended: 50 * HOUR, endsAfter: GROUP_ENDS_AFTER }), STAGED, laggard(), leak(), READER, freeze(start)],
};

/** Fifteen hours with one rotation, for tests. Keyturn looks at each token every six hours, and at a broken one every hour: it sees the loss and the repair in time. */
export const SHORT: Script = {
  rotateEvery: '9h',
  end: 15 * HOUR,
  leastRotations: 1,
  trail: false,
  episodes: () => [lostGrant({ lost: HOUR, mended: 7 * HOUR, endsAfter: GROUP_ENDS_AFTER })],
};
