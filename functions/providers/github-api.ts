import * as z from 'zod';
import type { Examination } from './declared/declaration.ts';
import type { Dialect } from './dialect.ts';
import { epochDialect } from './dialect.ts';

/** Headers of every request to GitHub. Source: docs.github.com, "API versions". */
export const GITHUB_HEADERS = {
  accept: 'application/vnd.github+json',
  'x-github-api-version': '2022-11-28',
} as const;

const RESETS = epochDialect('x-ratelimit-reset');

/**
 * Status 429, or 403 without requests left or with a time to wait. Source: docs.github.com, "Rate limits for
 * the REST API", exceeding the rate limit.
 */
export const GITHUB_DIALECT: Dialect = {
  isThrottled: (status, headers) =>
    status === 429 ||
    (status === 403 && (headers.get('x-ratelimit-remaining') === '0' || headers.has('retry-after'))),
  retryAfter: (headers, now) => RESETS.retryAfter(headers, now),
};

const RateLimit = z.object({ resources: z.object({ core: z.object({ limit: z.number() }) }) });

/** Whether GitHub answers, asked without a credential. It counts against no limit. */
export const GITHUB_ANSWERS: Examination = {
  request: { method: 'GET', path: '/rate_limit', headers: GITHUB_HEADERS },
  verdicts: [
    {
      outcome: 'active',
      status: 200,
      body: RateLimit.transform(() => ({})),
      source: 'github/rest-api-description, GET /rate_limit',
    },
  ],
};
