import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { FromThread, ThreadData, ToThread } from './messages.ts';
import { install } from './preload.ts';

type Handler = (event: unknown, context: object) => unknown;

function post(message: FromThread): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage(message);
}

/** The file of a handler as Node.js runtimes of Lambda find it. */
function fileOf(folder: string, name: string): string {
  const found = ['.mjs', '.js', '.cjs']
    .map((ending) => join(folder, name + ending))
    .find((file) => existsSync(file));
  if (found === undefined) throw new Error(`Cannot find module '${name}'`);
  return found;
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}

async function load({ folder, handler }: ThreadData): Promise<Handler> {
  const dot = handler.lastIndexOf('.');
  const loaded: unknown = await import(pathToFileURL(fileOf(folder, handler.slice(0, dot))).href);
  const name = handler.slice(dot + 1);
  const found: unknown =
    typeof loaded === 'object' && loaded !== null ? Reflect.get(loaded, name) : undefined;
  if (isHandler(found)) return found;
  throw new Error(`${handler} is undefined or not exported`);
}

function failureOf(error: unknown): FromThread {
  const known = error instanceof Error ? error : new Error(String(error));
  return { kind: 'failed', errorType: known.name, errorMessage: known.message };
}

/** Answers as JSON carries it, as from the real service. */
function jsonOf(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value) ?? 'null');
}

async function main(): Promise<void> {
  const data: ThreadData = workerData;
  const preload = install(data, (idle) => post({ kind: 'idle', idle }));
  const handler = await load(data);
  parentPort?.on('message', (message: ToThread) => {
    preload.changed();
    if (message.kind === 'wake') return preload.wake();
    const context = {
      ...message.context,
      functionVersion: '$LATEST',
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => message.deadline - preload.now(),
    };
    void Promise.resolve()
      .then(() => handler(message.event, context))
      .then((result) => post({ kind: 'done', payload: jsonOf(result) }))
      .catch((error: unknown) => post(failureOf(error)));
  });
  post({ kind: 'ready' });
}

await main();
