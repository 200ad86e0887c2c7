import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';
import type { IssuerKnobs } from './knobs.ts';
import type { IssuerDelays } from './simulator.ts';

export interface GitlabOptions {
  readonly clock: Clock;
  readonly host?: string;
  /**
   * Where the instance lies on its host, such as `/gitlab`. Source: docs.gitlab.com, "Install GitLab under a
   * relative URL".
   */
  readonly basePath?: string;
  readonly delays?: IssuerDelays;
  readonly knobs?: IssuerKnobs;
  /**
   * How many active tokens one resource may have; no limit by default. Source: "Access token limit reached"
   * of create_service.rb, as for trials on GitLab.com.
   */
  readonly tokenLimit?: number;
  /**
   * The role of the admin credential's account; Owner by default. It gives no higher one. Source:
   * create_service.rb, `validate_access_level`.
   */
  readonly adminLevel?: number;
  /** Same seed, same ids and values. */
  readonly seed?: number;
  /** Calls in a minute before it answers 429; none by default, as on an instance without the limit. */
  readonly requestsPerMinute?: number;
  /**
   * The instance's longest life of a token. Source: "Access token expiration": 365 days, or 400 when
   * extended.
   */
  readonly maxDays?: 365 | 400;
  /**
   * The account whose tokens of scope `api` may do everything, such as a service account that owns the group;
   * by default the admin credential is nobody's token.
   */
  readonly adminAccount?: string;
  /** When the admin credential ends that is nobody's token. */
  readonly adminExpiresAt?: Instant;
  /** The resource of the n-th secret, from 1; projects by default. */
  readonly resourceOf?: (index: number) => string;
}
