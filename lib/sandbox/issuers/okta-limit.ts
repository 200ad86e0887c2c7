import { MINUTE, SECOND, type Instant } from '../../../functions/core/basics/time.ts';
import type { Clock } from '../clock.ts';
import { oktaError } from './okta-answers.ts';

/**
 * A number of calls in each minute of the clock. Source: Okta developer docs, "Rate limits": 429, and headers
 * on every answer.
 */
export class RateLimit {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #most: number;
  #window: Instant = 0;
  #used = 0;

  constructor(clock: Pick<Clock, 'now'>, most: number) {
    this.#clock = clock;
    this.#most = most;
  }

  /** Counts one call; the answer when it is one too many. */
  count(): Response | undefined {
    const window = Math.floor(this.#clock.now() / MINUTE) * MINUTE;
    this.#used = window === this.#window ? this.#used + 1 : 1;
    this.#window = window;
    return this.#used > this.#most
      ? oktaError(429, 'E0000047', 'API call exceeded rate limit due to too many requests.')
      : undefined;
  }

  /** The reset is in seconds since 1970. */
  stamp(response: Response): Response {
    response.headers.set('x-rate-limit-limit', String(this.#most));
    response.headers.set('x-rate-limit-remaining', String(Math.max(0, this.#most - this.#used)));
    response.headers.set('x-rate-limit-reset', String((this.#window + MINUTE) / SECOND));
    return response;
  }
}
