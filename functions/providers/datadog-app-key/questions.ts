import * as z from 'zod';
import type { Verdict } from '../verdicts.ts';

/** A question to ask with a key. */
export interface Asking {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly verdicts: readonly Verdict[];
}

const accepted = (page: string, body: z.ZodType): readonly Verdict[] => [
  {
    outcome: 'active',
    status: 200,
    body: body.transform(() => ({})),
    source: `docs.datadoghq.com, "${page}"; DataDog/datadog-api-client-ruby, cassettes`,
  },
];

/**
 * What a key with a scope may read: the one that tells least comes first. `/api/v2/validate_keys` needs no
 * scope, and is not asked: its answer, `{"status":"ok"}`, is also that of any server which is fine.
 *
 * No refusal is listed. Datadog documents no words for a dead key, and 403 is as well that of a missing
 * permission, of an API key that is dead and of an address that the allowlist leaves out.
 */
const QUESTIONS = {
  hosts_read: {
    path: '/api/v1/hosts/totals',
    verdicts: accepted(
      'Get the total number of active hosts',
      z.object({ total_active: z.int(), total_up: z.int() }),
    ),
  },
  monitors_read: {
    path: '/api/v1/monitor/search',
    query: { per_page: '1' },
    verdicts: accepted(
      'Monitors search',
      z.object({ monitors: z.array(z.unknown()), metadata: z.object({ total_count: z.int() }) }),
    ),
  },
  dashboards_read: {
    path: '/api/v1/dashboard',
    query: { count: '1' },
    verdicts: accepted(
      'Get all dashboards',
      z.object({ dashboards: z.array(z.object({ id: z.string(), layout_type: z.string() })) }),
    ),
  },
  user_access_read: {
    path: '/api/v2/users',
    query: { 'page[size]': '1' },
    verdicts: accepted(
      'List all users',
      z.object({
        data: z.array(z.object({ type: z.literal('users') })),
        meta: z.object({ page: z.object({ total_count: z.int() }) }),
      }),
    ),
  },
} as const satisfies Readonly<Record<string, Asking>>;

/** A key needs one of these scopes, so that Keyturn can ask with it. */
export const ASKABLE: readonly string[] = Object.keys(QUESTIONS);

/** What is asked with a key that has these scopes; undefined where there is nothing. */
export function questionFor(scopes: readonly string[]): Asking | undefined {
  const [, asking] = Object.entries(QUESTIONS).find(([scope]) => scopes.includes(scope)) ?? [];
  return asking;
}
