import type { Instant } from '../../../../functions/core/basics/time.ts';

/**
 * The virtual time as a function's thread reads it: one number in shared memory. The host sets it before the
 * thread may run.
 */
export class SharedTime {
  readonly memory: SharedArrayBuffer;
  readonly #view: BigInt64Array<SharedArrayBuffer>;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#view = new BigInt64Array(memory);
  }

  now(): Instant {
    return Number(Atomics.load(this.#view, 0));
  }

  set(now: Instant): void {
    Atomics.store(this.#view, 0, BigInt(Math.trunc(now)));
  }
}
