import { mkdirSync, appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Invocation } from '../aws/types.ts';
import type { LogLine } from '../aws/logs.ts';
import type { Clock } from '../clock.ts';
import type { FunctionRun } from './api.ts';
import { environmentOf, type DeployedFunction } from './function-environment.ts';
import { FunctionThread } from './function-thread.ts';
import { logLinesIn } from './log-file.ts';
import type { Credentials } from './principals.ts';

export interface PoolSettings {
  readonly clock: Clock;
  readonly region: string;
  readonly uuid: () => string;
  /** Where function logs are written, a file for each function. */
  readonly logFolder: string;
  /** Where AWS and the issuers listen. */
  readonly endpoint: string;
  /** Hosts that are served there. */
  readonly hosts: () => readonly string[];
  /** The credentials of a function's role. */
  readonly credentials: (functionName: string) => Credentials;
  readonly onRun?: (run: FunctionRun) => void;
  /** Execution environments of one function at once; more invocations wait. */
  readonly most?: number;
}

interface Environments {
  readonly idle: FunctionThread[];
  readonly waiting: ((thread: FunctionThread) => void)[];
  count: number;
  started: number;
}

/** Lambda's fleet: starts a thread when a function is invoked and none is free, and uses it again after. */
export class FunctionPool {
  readonly #settings: PoolSettings;
  readonly #functions = new Map<string, DeployedFunction>();
  readonly #environments = new Map<string, Environments>();
  readonly #threads = new Map<string, FunctionThread>();

  constructor(settings: PoolSettings) {
    this.#settings = settings;
    mkdirSync(settings.logFolder, { recursive: true });
  }

  add(fn: DeployedFunction): void {
    this.#functions.set(fn.name, fn);
    this.#environments.set(fn.name, { idle: [], waiting: [], count: 0, started: 0 });
  }

  names(): string[] {
    return [...this.#functions.keys()];
  }

  /** The thread that sent a request, by the id in its header. */
  thread(id: string): FunctionThread | undefined {
    return this.#threads.get(id);
  }

  /**
   * What the functions of a log group have written, in the order of time; undefined for a group of no
   * function. A file that is not there is an empty log.
   */
  log(group: string): readonly LogLine[] | undefined {
    const functions = [...this.#functions.values()].filter(({ logGroup }) => logGroup === group);
    if (functions.length === 0) return undefined;
    return functions
      .flatMap((fn) => logLinesIn(this.#fileOf(fn)))
      .toSorted((one, other) => one.at - other.at);
  }

  #fileOf({ name }: DeployedFunction): string {
    return join(this.#settings.logFolder, `${name}.jsonl`);
  }

  /** Runs a function and waits for its end; it never rejects. */
  async invoke(name: string, payload: unknown): Promise<Invocation> {
    const { clock } = this.#settings;
    const fn = this.#functions.get(name);
    const environments = this.#environments.get(name);
    if (!fn || !environments)
      return { functionError: 'ResourceNotFoundException', errorMessage: `Function not found: ${name}` };
    const startedAt = clock.now();
    const invocation = await clock.away(() => this.#runIn(environments, fn, payload));
    const error =
      'payload' in invocation ? undefined : `${invocation.functionError}: ${invocation.errorMessage}`;
    this.#settings.onRun?.({ name, startedAt, endedAt: clock.now(), error });
    return invocation;
  }

  /** Kills every run of a function that is under way. Returns how many there were. */
  kill(name: string): number {
    const own = [...this.#threads].filter(([id]) => id.startsWith(`${name}/`));
    return own.filter(([, thread]) => thread.kill()).length;
  }

  async close(): Promise<void> {
    const threads = [...this.#threads.values()];
    this.#threads.clear();
    await Promise.all(threads.map((thread) => thread.stop()));
  }

  async #runIn(environments: Environments, fn: DeployedFunction, payload: unknown): Promise<Invocation> {
    const taken = this.#take(environments, fn);
    // Without a turn in between: the thread has to hold time back before the caller lets it go.
    const thread = taken instanceof FunctionThread ? taken : await taken;
    const context = {
      awsRequestId: this.#settings.uuid(),
      functionName: fn.name,
      invokedFunctionArn: fn.arn,
      memoryLimitInMB: String(fn.memoryMb),
      logGroupName: fn.logGroup,
      logStreamName: thread.id,
    };
    const invocation = await thread.run(payload, context, fn.timeout);
    if (this.#threads.has(thread.id)) this.#give(environments, thread);
    return invocation;
  }

  #take(environments: Environments, fn: DeployedFunction): FunctionThread | Promise<FunctionThread> {
    const free = environments.idle.pop();
    if (free) return free;
    if (environments.count < (this.#settings.most ?? 4)) return this.#start(environments, fn);
    return new Promise((resolve) => void environments.waiting.push(resolve));
  }

  #give(environments: Environments, thread: FunctionThread): void {
    const next = environments.waiting.shift();
    if (next) next(thread);
    else environments.idle.push(thread);
  }

  #start(environments: Environments, fn: DeployedFunction): FunctionThread {
    const { clock, endpoint, hosts } = this.#settings;
    const id = `${fn.name}/${++environments.started}`;
    environments.count++;
    const thread = new FunctionThread({
      clock,
      data: { id, folder: fn.folder, handler: fn.handler, endpoint, hosts: hosts() },
      environment: environmentOf(fn, id, this.#settings),
      memoryMb: fn.memoryMb,
      onLine: (line) => this.#write(fn, line),
      onExit: () => this.#lost(environments, fn, id),
    });
    this.#threads.set(id, thread);
    return thread;
  }

  #lost(environments: Environments, fn: DeployedFunction, id: string): void {
    const thread = this.#threads.get(id);
    if (!thread) return;
    this.#threads.delete(id);
    environments.count--;
    const index = environments.idle.indexOf(thread);
    if (index !== -1) environments.idle.splice(index, 1);
    const next = environments.waiting.shift();
    if (next) next(this.#start(environments, fn));
  }

  /** What is not a line of JSON becomes one, as with Lambda's JSON log format. */
  #write(fn: DeployedFunction, line: string): void {
    const text = line.startsWith('{')
      ? line
      : JSON.stringify({
          timestamp: new Date(this.#settings.clock.now()).toISOString(),
          level: 'INFO',
          message: line,
        });
    appendFileSync(this.#fileOf(fn), `${text}\n`);
  }
}
