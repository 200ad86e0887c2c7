import { DAY, HOUR, type Instant, type Millis } from '../../../functions/core/basics/time.ts';
import { SANDBOX_SETTINGS, type SandboxOptions } from '../runtime/settings.ts';
import { CLIENT, DEPLOY, GROUP, GROUP_ENDS_AFTER, PUBLISH } from './cast.ts';
import type { Episode } from './episode.ts';
import { ADMIN_CREDENTIAL } from './episodes/admin.ts';
import { delivery } from './episodes/delivery.ts';
import { freeze } from './episodes/freeze.ts';
import { pendingConsumer } from './episodes/pending-consumer.ts';
import { APP, leak } from './episodes/leak.ts';
import { lostGrant } from './episodes/lost-grant.ts';
import { READER } from './episodes/reader.ts';
import { retirement } from './episodes/retirement.ts';
import { ROLLBACK } from './episodes/rollback.ts';
import { STAGED } from './episodes/staging.ts';

/** What happens, and for how long. */
export interface Script {
  /** Secrets of the usual cast that are in it, which are rotated for as long as it goes. */
  readonly usual: readonly string[];
  /** How often each token of the usual cast is rotated, as a tag says it. */
  readonly rotateEvery: string;
  readonly end: Millis;
  /** Each of them is replaced at least so often. */
  readonly leastRotations: number;
  /**
   * What its episodes take beside the usual settings of a sandbox: a trail where somebody reads, couriers, a
   * digest. Without, it runs from an assembly that others use too.
   */
  readonly settings?: SandboxOptions['settings'];
  episodes(start: Instant): readonly Episode[];
}

const EVERYBODY = [DEPLOY, CLIENT, PUBLISH, GROUP];

/** What `npm start` shows: four tokens for a week, one bad rotation, and one leak. */
export const SHORT: Script = {
  usual: [DEPLOY, CLIENT, PUBLISH],
  rotateEvery: '48h',
  end: 7 * DAY,
  leastRotations: 3,
  settings: {
    // Most of the time that a story takes goes into looks at tokens for which nothing is due.
    sweepInterval: '1h',
    reconcileInterval: '2h',
    alerts: { ...SANDBOX_SETTINGS.alerts, digest: '08:00 UTC' },
  },
  // A job of CI has the token from a quarter past to twenty past, and from a quarter to: it has none at a
  // full hour.
  episodes: () => [ROLLBACK, leak({ of: PUBLISH, reported: 74 * HOUR })],
};

/** Eight days: every token of the usual cast is replaced three times or more. */
export const WHOLE: Script = {
  usual: EVERYBODY,
  rotateEvery: '60h',
  end: 8 * DAY,
  leastRotations: 3,
  settings: {
    detection: { trail: true },
    delivery: { kinds: ['github'] },
    alerts: { ...SANDBOX_SETTINGS.alerts, digest: '08:00 UTC' },
  },
  // The grant is put back before the rotation is due, which is then made in time.
  episodes: (start) => [
    lostGrant({ lost: 26 * HOUR, mended: 50 * HOUR, endsAfter: GROUP_ENDS_AFTER }),
    ROLLBACK,
    STAGED,
    delivery(),
    pendingConsumer(),
    leak({ of: APP, reported: 100 * HOUR }),
    READER,
    retirement(),
    ADMIN_CREDENTIAL,
    freeze(start),
  ],
};

/**
 * Fifteen hours with one rotation, for tests. Keyturn looks at each token every six hours, and at a broken
 * one every hour: it sees the loss and the repair in time.
 */
export const ONE_ROTATION: Script = {
  usual: EVERYBODY,
  rotateEvery: '9h',
  end: 15 * HOUR,
  leastRotations: 1,
  episodes: () => [lostGrant({ lost: HOUR, mended: 7 * HOUR, endsAfter: GROUP_ENDS_AFTER })],
};
