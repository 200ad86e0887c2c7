import { type ErrorRule, ERROR_RULES, type ErrorCode } from './error-rules.ts';

/**
 * A failure a person can act on. The message is one sentence and never holds a secret or an issuer's body.
 */
export class KeyturnError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'KeyturnError';
    this.code = code;
  }

  get rule(): ErrorRule {
    return ERROR_RULES[this.code];
  }
}

/** True for errors that may pass without a person; anything that is not ours is taken as passing. */
export function isRetryable(error: unknown): boolean {
  return error instanceof KeyturnError ? error.rule.retry : true;
}
