import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { inspect } from 'node:util';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import type { ErrorCode } from '../../functions/core/basics/error-rules.ts';
import type { ProviderTools } from '../../functions/core/issuer/provider.ts';
import type { Millis } from '../../functions/core/basics/time.ts';
import type { VirtualClock } from '../../lib/sandbox/clock.ts';

/** A request as it left the provider. `text` is all of it, Basic credentials decoded, to be searched. */
export interface Sent {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly text: string;
}

/**
 * Between a provider and its issuer: may answer or throw in its place, or let the request through by
 * returning undefined.
 */
export type Interceptor = (request: Request) => Response | undefined | Promise<Response | undefined>;

export interface World {
  readonly tools: ProviderTools;
  readonly sent: Sent[];
  readonly slept: Millis[];
  /** Replaces the interceptor; undefined lets all through. */
  readonly intercept: (interceptor: Interceptor | undefined) => void;
}

/** Tools that note every request and every wait; waiting moves the clock. */
export function recordingWorld(clock: VirtualClock, answer: (request: Request) => Promise<Response>): World {
  const sent: Sent[] = [];
  const slept: Millis[] = [];
  let interceptor: Interceptor | undefined;
  async function fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    sent.push({
      method: request.method,
      host: url.host,
      path: url.pathname + url.search,
      text: await textOf(request.clone()),
    });
    return (await interceptor?.(request)) ?? (await answer(request));
  }
  async function sleep(length: Millis): Promise<void> {
    slept.push(length);
    await clock.advanceBy(length);
  }
  const tools = { fetch, sleep, now: () => clock.now(), uuid: () => crypto.randomUUID() };
  return { tools, sent, slept, intercept: (next) => (interceptor = next) };
}

async function textOf(request: Request): Promise<string> {
  const headers = [...request.headers].map(([name, value]) => `${name}: ${value}`);
  const decoded = headers.map((line) =>
    Buffer.from(/Basic (\S+)/.exec(line)?.[1] ?? '', 'base64').toString('utf8'),
  );
  const body = await request.text();
  return [request.url, decodeURIComponent(request.url), ...headers, ...decoded, body, safeDecode(body)].join(
    '\n',
  );
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/** Like `fetch` when the peer resets the connection; the texts hold a canary, as those of a runtime might. */
export function connectionReset(canary: string): Error {
  const cause = Object.assign(new Error(`read ECONNRESET ${canary}`), { code: 'ECONNRESET' });
  return new TypeError(`fetch failed ${canary}`, { cause });
}

/** Lets the issuer do its work and loses the answer. */
export function losingAnswers(
  answer: (request: Request) => Promise<Response>,
  which: (request: Request) => boolean | Promise<boolean>,
): Interceptor {
  return async (request) => {
    if (!(await which(request))) return undefined;
    await answer(request);
    throw connectionReset('lost');
  };
}

/** All of an error that anybody could ever print. */
export function everythingIn(error: unknown): string {
  const stack = error instanceof Error ? error.stack : '';
  const cause = error instanceof Error && error.cause !== undefined ? everythingIn(error.cause) : '';
  return [
    inspect(error, { depth: 20, showHidden: true, getters: true }),
    String(error),
    stack,
    JSON.stringify(error),
    cause,
  ].join('\n');
}

/** What a promise is rejected with; fails when it is not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  assert.ok(outcome, 'it should have been rejected');
  return outcome.error;
}

export function assertCode(error: unknown, code: ErrorCode, ...words: string[]): void {
  assert.ok(error instanceof KeyturnError, `not a KeyturnError: ${String(error)}`);
  assert.equal(error.code, code, error.message);
  for (const word of words)
    assert.ok(error.message.includes(word), `"${word}" is missing in: ${error.message}`);
}

/** What `run` writes to the console, which goes through the standard streams. */
export async function outputOf(run: () => Promise<void>): Promise<string> {
  const spies = [mock.method(process.stdout, 'write'), mock.method(process.stderr, 'write')];
  try {
    await run();
    return spies.flatMap((spy) => spy.mock.calls.map((call) => String(call.arguments[0]))).join('');
  } finally {
    for (const spy of spies) spy.mock.restore();
  }
}
