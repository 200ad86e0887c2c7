import { syncBuiltinESMExports } from 'node:module';
import timersModule from 'node:timers';
import timersPromises from 'node:timers/promises';
import { Idleness } from './idleness.ts';
import type { Idle, ThreadData } from './messages.ts';
import { Requests } from './requests.ts';
import { SharedTime } from './shared-time.ts';
import { virtualDate } from './virtual-date.ts';
import { VirtualTimers } from './virtual-timers.ts';
import { repeating, timeoutSignal, timerFunctions, waiting } from './timer-functions.ts';

export interface Preload {
  /** Time has moved on: timers fire. */
  wake(): void;
  /** Something happened that the thread may now be waiting after. */
  changed(): void;
  readonly now: () => number;
}

/**
 * Gives the thread the sandbox's time and the sandbox's network, before the bundle is loaded. The bundle
 * itself knows nothing of it. `report` is called whenever the thread has come to wait.
 */
export function install(data: ThreadData, report: (idle: Idle) => void): Preload {
  const time = new SharedTime(data.time);
  const now = (): number => time.now();
  const idleness = new Idleness(() => {
    const open = requests.open();
    report({ open, wakeAt: timers.next(open.length > 0 ? 'all' : 'counting') });
  });
  const changed = (): void => idleness.changed();
  const timers = new VirtualTimers(now, changed);
  const requests = new Requests({
    threadId: data.id,
    endpoint: new URL(data.endpoint),
    hosts: data.hosts,
    changed,
  });
  requests.install();
  const functions = timerFunctions(timers);
  Object.assign(globalThis, functions, { Date: virtualDate(now) });
  Object.assign(timersModule, functions);
  const wait = waiting(timers);
  Object.assign(timersPromises, { setTimeout: wait, setInterval: repeating(timers) });
  Object.assign(timersPromises.scheduler, {
    wait: (delay: number, options?: object) => wait(delay, undefined, options),
  });
  Object.assign(AbortSignal, { timeout: timeoutSignal(timers) });
  syncBuiltinESMExports();
  return {
    now,
    changed,
    wake: () => {
      timers.fire();
      changed();
    },
  };
}
