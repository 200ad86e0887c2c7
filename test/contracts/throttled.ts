import { SECOND, type Millis } from '../../functions/core/basics/time.ts';

/** Status 429 with `Retry-After` in seconds (RFC 6585 §4, RFC 9110 §10.2.3). */
export function asksToWait(wait: Millis): Response {
  return new Response('{}', { status: 429, headers: { 'retry-after': String(Math.ceil(wait / SECOND)) } });
}
