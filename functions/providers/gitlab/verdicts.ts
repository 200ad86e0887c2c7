import * as z from 'zod';
import { canonicalScopes } from '../scopes.ts';
import type { SafeReason } from '../safe-reasons.ts';
import type { Verdict } from '../verdicts.ts';
import { GITLAB_REFUSALS } from '../gitlab-refusals.ts';
import { AccessToken } from './schema.ts';

const GUARD = 'gitlabhq/gitlabhq, lib/api/api_guard.rb';

const Live = AccessToken.refine((token) => token.active && !token.revoked).transform((token) => ({
  scopes: canonicalScopes(token.scopes),
  ...(token.expires_at !== null && { expiresAt: token.expires_at }),
}));

/**
 * What `GET /personal_access_tokens/self` says of the token that asks. Not listed, so unknown: an
 * impersonation token while impersonation is switched off, `dpop_error`,
 * `restricted_language_server_client_error`, `insufficient_scope`, 403 for a blocked address or user.
 */
export const VERDICTS: readonly Verdict[] = [
  {
    outcome: 'active',
    status: 200,
    body: Live,
    source: 'docs.gitlab.com, "Personal access tokens API", "Self-inform"',
  },
  {
    outcome: 'unknown',
    status: 200,
    body: AccessToken.transform(() => 'GitLab accepted a token that it calls inactive.'),
    source: 'the same',
  },
  ...GITLAB_REFUSALS,
  {
    outcome: 'unknown',
    status: 401,
    body: z
      .object({ error: z.literal('dpop_error') })
      .transform(() => 'GitLab asks for a proof of possession with this token.'),
    source: `${GUARD}, DpopValidationError`,
  },
];

const CREATE = 'gitlabhq/gitlabhq, app/services/resource_access_tokens/create_service.rb';
const REVOKE = 'gitlabhq/gitlabhq, app/services/resource_access_tokens/revoke_service.rb';
const MODEL = 'gitlabhq/gitlabhq, app/models/personal_access_token.rb';
const OF_ACCOUNTS =
  'gitlabhq/gitlabhq, lib/api/{users,group_service_accounts,project_service_accounts}.rb: 422 with what ' +
  'app/services/personal_access_tokens/create_service.rb says';

/** GitLab's own reasons for a refused creation or revocation that people may read. */
export const SAFE_REASONS: readonly SafeReason[] = [
  { status: 400, pattern: /Access token limit reached/, source: CREATE },
  {
    status: 400,
    pattern: /User does not have permission to create (project|group) access token/,
    says:
      'the account of the admin credential may not create tokens there: it has to be Maintainer of the ' +
      'project or Owner of the group',
    source: CREATE,
  },
  {
    status: 400,
    pattern: /Access level of the token contains permissions not held by the creating user/,
    says: 'the accessLevel in the grant is higher than the role of the account of the admin credential',
    source: CREATE,
  },
  { status: 400, pattern: /Expires at must be before \d{4}-\d{2}-\d{2}/, source: MODEL },
  { status: 422, pattern: /Expires at must be before \d{4}-\d{2}-\d{2}/, source: OF_ACCOUNTS },
  {
    status: 422,
    pattern: /Not permitted to create/,
    says: 'the account of the admin credential may not create tokens of the account in the grant',
    source: OF_ACCOUNTS,
  },
  { status: 400, pattern: /Scopes can only contain available scopes/, source: MODEL },
  {
    status: 400,
    pattern: /scopes does not have a valid value/,
    source:
      'gitlabhq/gitlabhq, lib/api/resource_access_tokens.rb: the parameter `scopes` has a closed list ' +
      'of values',
  },
  {
    status: 400,
    pattern: /access_level does not have a valid value/,
    source:
      'gitlabhq/gitlabhq, lib/api/resource_access_tokens.rb: the parameter `access_level` has a closed ' +
      'list of values',
  },
  { status: 400, pattern: /Failed to find bot user/, source: REVOKE },
  // The sentence names two people; they stay out of it.
  {
    status: 400,
    pattern: / cannot delete /,
    says:
      'the account of the admin credential may not revoke tokens there: it has to be Maintainer of the ' +
      'project or Owner of the group',
    source: REVOKE,
  },
];
