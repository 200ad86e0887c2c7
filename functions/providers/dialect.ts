import type { Instant, Millis } from '../core/basics/time.ts';
import { SECOND } from '../core/basics/time.ts';

/** How an issuer says "not now". */
export interface Dialect {
  /** `text` is the answer's body, for issuers that say it there alone. */
  isThrottled(status: number, headers: Headers, text: string): boolean;
  /** How long it asks to wait; undefined when it does not say. */
  retryAfter(headers: Headers, now: Instant): Millis | undefined;
}

/** Status 429 and `Retry-After` in seconds or as a date (RFC 9110 §10.2.3). */
export const STANDARD_DIALECT: Dialect = {
  isThrottled: (status) => status === 429,
  retryAfter: (headers, now) => retryAfterHeader(headers.get('retry-after'), now),
};

/**
 * Status 429 and, where `Retry-After` is missing, a header that holds the second since 1970 at which the
 * limit ends.
 */
export function epochDialect(header: string): Dialect {
  return {
    isThrottled: (status) => status === 429,
    retryAfter: (headers, now) =>
      retryAfterHeader(headers.get('retry-after'), now) ?? epochHeader(headers.get(header), now),
  };
}

/** Status 429 and, where `Retry-After` is missing, a header that holds the seconds until the limit ends. */
export function secondsDialect(header: string): Dialect {
  return {
    isThrottled: (status) => status === 429,
    retryAfter: (headers, now) =>
      retryAfterHeader(headers.get('retry-after'), now) ?? secondsHeader(headers.get(header)),
  };
}

function retryAfterHeader(text: string | null, now: Instant): Millis | undefined {
  if (text === null) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * SECOND;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

function epochHeader(text: string | null, now: Instant): Millis | undefined {
  if (text === null || !/^\d{9,11}$/.test(text)) return undefined;
  return Math.max(0, Number(text) * SECOND - now);
}

function secondsHeader(text: string | null): Millis | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) * SECOND : undefined;
}
