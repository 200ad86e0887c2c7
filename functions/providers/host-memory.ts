import { MINUTE, SECOND, type Instant, type Millis } from '../core/basics/time.ts';

/**
 * So many requests in a row without an answer, and a host is left alone: a single one may have been lost on
 * the way.
 */
const FAILURES = 2;
const FIRST_REST: Millis = 30 * SECOND;
const LONGEST_REST: Millis = 5 * MINUTE;

interface Silence {
  readonly failures: number;
  readonly until: Instant;
}

/**
 * Remembers, for as long as a function instance lives, which hosts do not answer. One queue serves all hosts
 * of a provider: without this, every command for a host that hangs would hold up those for the others for as
 * long as all its time-outs last. A host that is still silent after its rest costs one time-out, then rests
 * twice as long.
 */
export class HostMemory {
  readonly #silent = new Map<string, Silence>();

  /** Until when a host is left alone; undefined when it may be asked. */
  restsUntil(host: string, now: Instant): Instant | undefined {
    const until = this.#silent.get(host)?.until ?? 0;
    return until > now ? until : undefined;
  }

  /** Any answer counts, refusals and failures of the server included. */
  answered(host: string): void {
    this.#silent.delete(host);
  }

  failed(host: string, now: Instant): void {
    const failures = (this.#silent.get(host)?.failures ?? 0) + 1;
    const rest = failures < FAILURES ? 0 : Math.min(LONGEST_REST, FIRST_REST * 2 ** (failures - FAILURES));
    this.#silent.set(host, { failures, until: now + rest });
  }
}
