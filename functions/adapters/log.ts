import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from '../core/ports/log.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A place where structured lines go; the logger of Powertools for AWS is one. */
export interface LogSink {
  info(message: string, fields: Record<string, unknown>): void;
  warn(message: string, fields: Record<string, unknown>): void;
  error(message: string, fields: Record<string, unknown>): void;
}

const LONGEST = 500;

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Keeps short plain values only: an object in a log line may hold anything, one day a secret. */
function plain(fields: Fields = {}): Record<string, unknown> {
  const kept = Object.entries(fields).filter(([, value]) => isPlain(value));
  return Object.fromEntries(
    kept.map(([key, value]) => [key, typeof value === 'string' ? value.slice(0, LONGEST) : value]),
  );
}

/** The log, as structured lines. */
export function structuredLog(sink: LogSink): Log {
  return {
    info: (message, fields) => sink.info(message, plain(fields)),
    warn: (message, fields) => sink.warn(message, plain(fields)),
    error: (message, fields) => sink.error(message, plain(fields)),
  };
}

/**
 * The log of a Lambda function: Powertools writes it to standard output. Events are never logged, whatever
 * the environment asks for.
 */
export function lambdaLog(): Log {
  return structuredLog(new Logger({ serviceName: 'keyturn' }));
}
