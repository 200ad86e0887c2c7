import * as z from 'zod';
import { DAY, type Instant } from '../../../functions/core/basics/time.ts';
import { dateOf, answer, badRequest } from './gitlab-answers.ts';

/** Source: gitlabhq/gitlabhq, lib/gitlab/auth.rb, `resource_bot_scopes`, as of 2026. */
const RESOURCE_SCOPES = [
  'api',
  'read_api',
  'create_runner',
  'manage_runner',
  'k8s_proxy',
  'self_rotate',
  'ai_features',
  'read_repository',
  'write_repository',
  'read_registry',
  'write_registry',
  'read_virtual_registry',
  'write_virtual_registry',
  'read_observability',
  'write_observability',
];

/** Source: the same, `all_available_scopes`: tokens of accounts may have these too. */
const ACCOUNT_SCOPES = [...RESOURCE_SCOPES, 'read_user', 'sudo', 'admin_mode', 'read_service_ping'];

/**
 * Source: gitlabhq/gitlabhq, lib/gitlab/access.rb, `options_with_owner`: Guest, Planner, Reporter, Security
 * Manager, Developer, Maintainer, Owner.
 */
const LEVELS = [10, 15, 20, 25, 30, 40, 50];

const NewToken = z.object({
  name: z.string().min(1),
  description: z.string().nullish(),
  scopes: z.array(z.string()).min(1),
  expires_at: z.string().optional(),
  access_level: z.number().optional(),
});

export type NewToken = z.infer<typeof NewToken> & { readonly expires: Instant };

export interface Limits {
  readonly now: Instant;
  /** The instance's longest life of a token. */
  readonly maxDays: number;
  /** Whether the token is a project's or group's, with a role of its own. */
  readonly isBot: boolean;
}

/** Checks what a new token is asked to be; a response is GitLab's complaint. */
export function readNewToken(body: unknown, { now, maxDays, isBot }: Limits): NewToken | Response {
  const parsed = NewToken.safeParse(body);
  // Source: Grape's messages, as GitLab passes them on: {"error":"scopes is missing"}.
  if (!parsed.success)
    return answer(400, { error: `${String(parsed.error.issues[0]?.path[0] ?? 'name')} is missing` });
  const { access_level: level, scopes, expires_at: date } = parsed.data;
  // Source: lib/api/resource_access_tokens.rb has a closed list; other tokens are checked by the model
  // (app/models/personal_access_token.rb).
  if (isBot && scopes.some((scope) => !RESOURCE_SCOPES.includes(scope)))
    return answer(400, { error: 'scopes does not have a valid value' });
  if (scopes.some((scope) => !ACCOUNT_SCOPES.includes(scope)))
    return badRequest('Scopes can only contain available scopes');
  if (level !== undefined && !LEVELS.includes(level))
    return answer(400, { error: 'access_level does not have a valid value' });
  const last = Date.parse(dateOf(now + maxDays * DAY));
  // Source: "Create a project access token": without a date it is the longest life allowed.
  const text = date ?? dateOf(last);
  const expires = Date.parse(text);
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(expires))
    return answer(400, { error: 'expires_at is invalid' });
  // Source: app/models/personal_access_token.rb, `expires_at_before_instance_max_expiry_date`; its status for
  // tokens of accounts: lib/api/users.rb, group_service_accounts.rb and project_service_accounts.rb.
  const late = `Expires at must be before ${dateOf(last)}`;
  if (expires > last) return isBot ? badRequest(late) : answer(422, { message: late });
  // The wording of this one is not documented.
  if (expires <= now) return badRequest('Expires at cannot be in the past');
  return { ...parsed.data, expires };
}
