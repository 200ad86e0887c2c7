import { KeyturnError } from '../../functions/core/basics/errors.ts';
import type { VirtualClock } from '../../lib/sandbox/clock.ts';

/** What can happen to one outgoing call. */
export const FAULTS = [
  'dies-before',
  'dies-after',
  'reset',
  'lost-answer',
  'timeout',
  'throttled',
  'server-error',
  'unavailable-once',
  'bad-answer',
  'out-of-time',
] as const;
export type Fault = (typeof FAULTS)[number];

/** What a person, or a second rotation, does between two calls. */
export const DISTURBANCES = [
  'console-rotates',
  'labels-moved',
  'pending-cleared',
  'revoked-by-hand',
  'value-put-by-hand',
] as const;
export type Disturbance = (typeof DISTURBANCES)[number];

/** Faults that only an issuer's HTTP answer can have. */
const ISSUER_ONLY: ReadonlySet<Fault> = new Set([
  'bad-answer',
  'server-error',
  'throttled',
  'unavailable-once',
]);

export function applies(fault: Fault, target: Call['target']): boolean {
  return target === 'issuer' || !ISSUER_ONLY.has(fault);
}

/** One outgoing call of the product, in the order in which it was made. */
export interface Call {
  readonly index: number;
  readonly target: 'issuer' | 'aws';
  /** Such as `secrets.putPending` or `POST /api/v4/projects/1/access_tokens`. */
  readonly name: string;
  /** The invocation it belongs to, such as `rotate-gitlab createSecret`. */
  readonly during: string;
  /** Which of the invocations of the life, counted from 0. */
  readonly invocation: number;
}

/** Which call meets which fault; the index counts the calls of a whole life from 0. */
export interface FaultPlan {
  readonly index: number;
  readonly fault: Fault | Disturbance;
}

export function isDisturbance(fault: Fault | Disturbance): fault is Disturbance {
  return DISTURBANCES.some((one) => one === fault);
}

/** Never settles: what a stopped process's awaits do. */
export function forever(): Promise<never> {
  return new Promise(() => undefined);
}

/** One run of a function: can be stopped, after which nothing of it goes on. */
export class Invocation {
  readonly name: string;
  readonly #clock: VirtualClock;
  readonly #deadline: number;
  #stop: ((why: string) => void) | undefined;
  readonly stopped: Promise<string>;
  hasStopped = false;

  constructor(name: string, clock: VirtualClock, timeout: number) {
    this.name = name;
    this.#clock = clock;
    this.#deadline = clock.now() + timeout;
    this.stopped = new Promise((resolve) => (this.#stop = resolve));
  }

  timeLeft(): number {
    return Math.max(0, this.#deadline - this.#clock.now());
  }

  die(why: string): Promise<never> {
    this.hasStopped = true;
    this.#stop?.(why);
    return forever();
  }

  /** Lambda lets it hang until its time is over, then stops it. */
  async runOut(): Promise<never> {
    await this.#clock.sleep(this.timeLeft());
    return this.die('Task timed out');
  }
}

/** Counts every outgoing call and makes the planned one fail. */
export class FaultLine {
  readonly calls: Call[] = [];
  readonly #invocations = new Map<Invocation, number>();
  #plan: readonly FaultPlan[];
  readonly #disturb: (disturbance: Disturbance) => Promise<void>;

  constructor(plan: readonly FaultPlan[], disturb: (disturbance: Disturbance) => Promise<void>) {
    this.#plan = plan;
    this.#disturb = disturb;
  }

  /**
   * The fault of the call made now, if it has one. A disturbance happens right before the call, which itself
   * goes well.
   */
  async next(invocation: Invocation, target: Call['target'], name: string): Promise<Fault | undefined> {
    const index = this.calls.length;
    this.calls.push({ index, target, name, during: invocation.name, invocation: this.#numberOf(invocation) });
    const planned = this.#plan.find((one) => one.index === index);
    if (!planned) return undefined;
    if (!isDisturbance(planned.fault)) return applies(planned.fault, target) ? planned.fault : undefined;
    await this.#disturb(planned.fault);
    return undefined;
  }

  #numberOf(invocation: Invocation): number {
    const number = this.#invocations.get(invocation) ?? this.#invocations.size;
    this.#invocations.set(invocation, number);
    return number;
  }

  /** From here on these calls fail. */
  plan(plan: readonly FaultPlan[]): void {
    this.#plan = plan;
  }

  /** From here on every call works. */
  heal(): void {
    this.#plan = [];
  }
}

/** Makes a call to AWS under the fault it meets. An error may mean that it took effect all the same. */
export async function awsCall<T>(
  made: { invocation: Invocation; fault: Fault | undefined; name: string; clock: VirtualClock },
  run: () => Promise<T>,
): Promise<T> {
  const { invocation, fault, name, clock } = made;
  if (invocation.hasStopped) return forever();
  switch (fault) {
    case undefined:
    case 'throttled':
    case 'server-error':
    case 'unavailable-once':
    case 'bad-answer':
      break;
    case 'dies-before':
      return invocation.die('stopped');
    case 'out-of-time':
      return invocation.runOut();
    case 'reset':
      throw new KeyturnError('aws-failed', `AWS did not do ${name}: connection reset.`);
    case 'dies-after':
      await run();
      return invocation.die('stopped');
    case 'lost-answer':
      await run();
      throw new KeyturnError('aws-failed', `AWS did not answer ${name}.`);
    case 'timeout':
      await run();
      await clock.sleep(15_000);
      throw new KeyturnError('aws-failed', `AWS did not answer ${name} in time.`);
  }
  const result = await run();
  return invocation.hasStopped ? forever() : result;
}

/** Makes a call to an issuer under the fault it meets, as `fetch` and HTTP show it. */
export async function issuerCall(
  made: {
    invocation: Pick<Invocation, 'hasStopped' | 'die' | 'runOut'>;
    fault: Fault | undefined;
    clock: Pick<VirtualClock, 'sleep'>;
    throttle: () => Response;
  },
  run: () => Promise<Response>,
): Promise<Response> {
  const { invocation, fault, clock } = made;
  if (invocation.hasStopped) return forever();
  switch (fault) {
    case undefined:
      break;
    case 'dies-before':
      return invocation.die('stopped');
    case 'out-of-time':
      return invocation.runOut();
    case 'reset':
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
      });
    case 'dies-after':
      await run();
      return invocation.die('stopped');
    case 'lost-answer':
      await run();
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }),
      });
    case 'timeout':
      await run();
      await clock.sleep(10_000);
      throw new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    case 'throttled':
      return made.throttle();
    case 'server-error':
      return new Response('{"error":"canary-in-a-body"}', {
        status: 500,
        headers: { 'content-type': 'application/json' },
      });
    case 'unavailable-once':
      return new Response('unavailable', { status: 503 });
    case 'bad-answer':
      await run();
      return new Response('{"unexpected":true}', {
        status: 200,
        headers: { 'content-type': 'application/json' },
      });
  }
  const response = await run();
  return invocation.hasStopped ? forever() : response;
}
