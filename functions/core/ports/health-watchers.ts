import type { Instant } from '../basics/time.ts';
import type { Watcher } from '../rotation/health-signals.ts';

/** Which tokens a health signal concerns. */
export interface HealthWatchers {
  /**
   * Notes that a token is in the time in which this health signal brings its previous credential back. Lost,
   * it only means that no signal does.
   */
  watch(signal: string, watcher: Watcher): Promise<void>;
  /** Whom a health signal concerns now. */
  watchers(signal: string, now: Instant): Promise<Watcher[]>;
}
