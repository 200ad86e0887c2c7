import { promisify } from 'node:util';
import type { Millis } from '../../../../functions/core/basics/time.ts';
import type { Callback, VirtualTimers } from './virtual-timers.ts';

/** The longest delay of a timer; a longer one becomes 1 ms (nodejs.org, "Timers"). */
const LONGEST: Millis = 2 ** 31 - 1;

function sane(delay: unknown): Millis {
  const length = Math.trunc(Number(delay));
  return length >= 1 && length <= LONGEST ? length : 1;
}

/** The functions that stand in for the global ones, over timers. */
export function timerFunctions(timers: VirtualTimers) {
  const make =
    (repeats: boolean) =>
    (callback: Callback, delay?: number, ...args: unknown[]) =>
      timers.set({ delay: sane(delay), repeats, callback, args });
  const clear = (timer?: unknown): void => timers.clear(timer);
  const wait = waiting(timers);
  const setTimeout = Object.assign(make(false), { [promisify.custom]: wait });
  return { setTimeout, setInterval: make(true), clearTimeout: clear, clearInterval: clear };
}

interface WaitOptions {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}

/** `setTimeout` of node:timers/promises. */
export function waiting(timers: VirtualTimers) {
  return <T>(delay?: number, value?: T, options: WaitOptions = {}): Promise<T | undefined> =>
    new Promise((resolve, reject) => {
      const { signal, ref = true } = options;
      if (signal?.aborted) return reject(aborted(signal));
      const timer = timers.set({
        delay: sane(delay),
        repeats: false,
        callback: () => {
          signal?.removeEventListener('abort', stop);
          resolve(value);
        },
        args: [],
      });
      if (!ref) timer.unref();
      function stop(): void {
        timer.close();
        if (signal) reject(aborted(signal));
      }
      signal?.addEventListener('abort', stop, { once: true });
    });
}

function aborted(signal: AbortSignal): Error {
  return Object.assign(new Error('The operation was aborted', { cause: signal.reason }), {
    name: 'AbortError',
    code: 'ABORT_ERR',
  });
}

/** `setInterval` of node:timers/promises. */
export function repeating(timers: VirtualTimers) {
  const wait = waiting(timers);
  return async function* <T>(
    delay?: number,
    value?: T,
    options: WaitOptions = {},
  ): AsyncGenerator<T | undefined> {
    for (;;) yield await wait(delay, value, options);
  };
}

/** `AbortSignal.timeout`: the timer keeps nothing alive, as Node's own does not. */
export function timeoutSignal(timers: VirtualTimers) {
  return (delay: number): AbortSignal => {
    const controller = new AbortController();
    const abort = (): void =>
      controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    timers.set({ delay: sane(delay), repeats: false, callback: abort, args: [] }).unref();
    return controller.signal;
  };
}
