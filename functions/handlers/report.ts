import { KeyturnError } from '../core/basics/errors.ts';
import { framesOf } from '../core/basics/frames.ts';
import type { Log } from '../core/ports/log.ts';

/**
 * Some of the work failed, each piece with its own line in the log: thrown only so that Lambda counts an
 * error and an alarm can see it.
 */
export class PartsFailed extends Error {
  override readonly name = 'PartsFailed';
}

/** Ends an invocation as a failure when parts of its work failed. Error: {@link PartsFailed}. */
export function requireNoneFailed(failed: number, part: string, done: string): void {
  if (failed > 0)
    throw new PartsFailed(`${failed} ${part}${failed === 1 ? '' : 's'} could not be ${done}: see the log.`);
}

/** The error as Lambda may print it. */
function printable(error: unknown): Error {
  if (error instanceof KeyturnError) return error;
  const name = error instanceof Error && /^[A-Za-z]{1,60}$/.test(error.name) ? error.name : typeof error;
  const safe = new Error(`Keyturn failed unexpectedly (${name}).`);
  safe.stack = `${safe.name}: ${safe.message}\n${framesOf(error).join('\n')}`;
  return safe;
}

function fieldsOf(error: Error): Record<string, string | boolean | undefined> {
  const cause = error.cause instanceof Error ? error.cause.message : undefined;
  return error instanceof KeyturnError
    ? { code: error.code, retry: error.rule.retry, advice: error.rule.advice, cause }
    : { stack: error.stack };
}

/** Runs the work of an event; a failure is logged and passed on, in words that hold no value. */
export async function reported<T>(log: Log, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof PartsFailed) throw error;
    const shown = printable(error);
    log.error(shown.message, fieldsOf(shown));
    throw shown;
  }
}
