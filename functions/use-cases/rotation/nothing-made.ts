import { KeyturnError } from '../../core/basics/errors.ts';
import type { ErrorCode } from '../../core/basics/error-rules.ts';
import type { Attempt } from '../../core/token/attempt.ts';

/** The issuer, or what stands before it, said no: every other failure may have come after the creation. */
const NOTHING_MADE: ReadonlySet<string> = new Set([
  'issuer-throttled',
  'issuer-refused',
  'admin-credential-rejected',
  'admin-invalid',
  'bad-request',
  'credential-limit-reached',
] satisfies ErrorCode[]);

/** Whether an error of a creation that is sent once says that nothing was made. */
export function saysNothingMade(error: unknown): boolean {
  return error instanceof KeyturnError && NOTHING_MADE.has(error.code);
}

/** Takes back what was noted last for a creation that made nothing. */
export function withoutUnmade(attempt: Attempt): Attempt {
  return {
    ...attempt,
    mints: attempt.mints.filter((mint, index, all) => mint.handle !== undefined || index < all.length - 1),
  };
}
