import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Millis } from '../../../functions/core/basics/time.ts';
import type { Invocation } from '../aws/types.ts';
import { readLines } from './lines.ts';
import type { FromThread, Idle, InvocationContext, ThreadData, ToThread } from './thread/messages.ts';
import { SharedTime } from './thread/shared-time.ts';
import type { ThreadSettings } from './thread-settings.ts';

const ENTRY = join(import.meta.dirname, 'thread/worker.ts');

/** A thread that computes longer than this without waiting for anything is in an endless loop. Real time. */
const MOST_COMPUTING: Millis = 120_000;

interface Running {
  readonly resolve: (invocation: Invocation) => void;
  readonly requestId: string;
  readonly cancelTimeout: () => void;
}

/**
 * One execution environment of a function: its bundle in a thread of its own. While it works it holds time
 * back; when it
 * waits for a timer, or for requests that are being answered, it lets time go.
 */
export class FunctionThread {
  readonly id: string;
  readonly #settings: ThreadSettings;
  readonly #time = new SharedTime();
  readonly #worker: Worker;
  #running: Running | undefined;
  #release: (() => void) | undefined;
  #cancelWake: () => void = () => undefined;
  #watchdog: NodeJS.Timeout | undefined;
  #idle: Idle | undefined;
  /** Numbers of its requests that are being answered. */
  readonly #answering = new Set<number>();
  #ready = false;
  #gone = false;
  #waiting: ToThread | undefined;

  constructor(settings: ThreadSettings) {
    this.id = settings.data.id;
    this.#settings = settings;
    this.#time.set(settings.clock.now());
    this.#worker = new Worker(ENTRY, {
      name: this.id,
      workerData: { ...settings.data, time: this.#time.memory } satisfies ThreadData,
      env: settings.environment,
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: settings.memoryMb },
    });
    readLines(this.#worker.stdout, settings.onLine);
    readLines(this.#worker.stderr, settings.onLine);
    this.#worker.on('message', (message: FromThread) => this.#receive(message));
    this.#worker.on('error', (error) =>
      this.#lose({ functionError: error.name, errorMessage: error.message }),
    );
    this.#worker.on('exit', (code) =>
      this.#lose({
        functionError: 'Runtime.ExitError',
        errorMessage:
          `RequestId: ${this.#running?.requestId ?? ''} Error: Runtime exited with error: exit status ` +
          `${code}`,
      }),
    );
  }

  /** Runs the function once; there is no second run before the first has ended. */
  run(event: unknown, context: InvocationContext, timeout: Millis): Promise<Invocation> {
    const { clock } = this.#settings;
    this.#hold();
    return new Promise((resolve) => {
      const tooLong =
        `RequestId: ${context.awsRequestId} Error: Task timed out after ${(timeout / 1000).toFixed(2)} ` +
        'seconds';
      const cancelTimeout = clock.after(timeout, () => this.#kill(tooLong, 'Sandbox.Timedout'));
      this.#running = { resolve, requestId: context.awsRequestId, cancelTimeout };
      const message: ToThread = { kind: 'invoke', event, context, deadline: clock.now() + timeout };
      if (this.#ready) this.#send(message);
      else this.#waiting = message;
    });
  }

  /**
   * A request of this thread has come; the result is called just before it is answered, or when it was given
   * up.
   */
  requestArrived(number: number): () => void {
    this.#answering.add(number);
    this.#consider();
    return () => {
      if (this.#answering.delete(number) && this.#running) this.#hold();
    };
  }

  /** Ends the run that is under way, as when the machine below it is lost; false when nothing runs. */
  kill(): boolean {
    if (!this.#running) return false;
    this.#kill(`RequestId: ${this.#running.requestId} Error: Runtime exited with error: signal: killed`);
    return true;
  }

  async stop(): Promise<void> {
    this.#gone = true;
    await this.#worker.terminate();
  }

  #receive(message: FromThread): void {
    switch (message.kind) {
      case 'ready':
        this.#ready = true;
        if (this.#waiting) this.#send(this.#waiting);
        this.#waiting = undefined;
        return;
      case 'idle':
        this.#idle = message.idle;
        return this.#consider();
      case 'done':
        return this.#end({ payload: message.payload });
      case 'failed':
        return this.#end({ functionError: message.errorType, errorMessage: message.errorMessage });
    }
  }

  /**
   * Lets time go when the thread waits and nothing is on the wire: all that it waits for is being answered.
   */
  #consider(): void {
    const idle = this.#idle;
    if (!idle || !this.#running || this.#waiting || !idle.open.every((number) => this.#answering.has(number)))
      return;
    // It waits for something unknown, such as work of its own that no timer ends: time stands still for it.
    if (idle.wakeAt === undefined && idle.open.length === 0) return;
    this.#cancelWake();
    if (idle.wakeAt !== undefined)
      this.#cancelWake = this.#settings.clock.after(idle.wakeAt - this.#settings.clock.now(), () =>
        this.#wake(),
      );
    this.#letGo();
  }

  #wake(): void {
    if (!this.#running || this.#gone) return;
    this.#hold();
    this.#send({ kind: 'wake' });
  }

  #send(message: ToThread): void {
    this.#idle = undefined;
    this.#time.set(this.#settings.clock.now());
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    this.#worker.postMessage(message);
  }

  #hold(): void {
    this.#cancelWake();
    this.#time.set(this.#settings.clock.now());
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(
      () => this.#kill('It computed for two minutes without waiting for anything.'),
      MOST_COMPUTING,
    ).unref();
    this.#release ??= this.#settings.clock.hold();
  }

  #letGo(): void {
    clearTimeout(this.#watchdog);
    this.#release?.();
    this.#release = undefined;
  }

  #kill(errorMessage: string, functionError = 'Runtime.ExitError'): void {
    this.#hold();
    void this.#worker.terminate();
    this.#lose({ functionError, errorMessage });
  }

  /** Its owner hears of the loss first, so that nobody is given a dead thread. */
  #lose(invocation: Invocation): void {
    this.#gone = true;
    this.#settings.onExit();
    this.#end(invocation);
  }

  /** Time is let go a turn later, when whoever waited for the answer holds it himself. */
  #end(invocation: Invocation): void {
    const running = this.#running;
    this.#running = undefined;
    this.#cancelWake();
    running?.cancelTimeout();
    running?.resolve(invocation);
    setImmediate(() => {
      if (!this.#running) this.#letGo();
    });
  }
}
