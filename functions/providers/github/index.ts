import type { Probe, Provider, Shown, SubmittedSession } from '../../core/issuer/provider.ts';
import type { Secret } from '../../core/basics/secret.ts';
import { grantFor } from '../grant-of.ts';
import { readAdmin } from '../grants.ts';
import type { HttpClient } from '../http.ts';
import { accountOf, inPlaces, placeAt, type Place } from '../places.ts';
import { canonicalScopes } from '../scopes.ts';
import { asking } from '../verdicts.ts';
import { askGithub, clientOf, githubRequest } from './ask.ts';
import { descriptor } from './descriptor.ts';
import { Admin, Grant, RateLimit } from './schema.ts';

/** Personal access tokens of GitHub: people create them, and each is asked about and revoked by its value. */
export const github: Provider = {
  descriptor,
  // It holds no credential: what can be asked is whether GitHub answers, which counts against no limit.
  examine(admin, tools) {
    const { url } = readAdmin(descriptor.id, admin, Admin);
    return asking({
      http: clientOf(url, tools),
      request: githubRequest({ method: 'GET', path: '/rate_limit' }),
      verdicts: [
        {
          outcome: 'active',
          status: 200,
          body: RateLimit.transform(() => ({})),
          source: 'github/rest-api-description, GET /rate_limit',
        },
      ],
    });
  },
  adminValues: () => [],
  ...inPlaces((admin, secretName) => {
    const { url, grants } = readAdmin(descriptor.id, admin, Admin);
    const grant = grantFor({ provider: descriptor.id, schema: Grant }, grants, secretName);
    const at = (userId: number): Place => {
      const reach = placeAt(url, `users/${userId}`);
      return { reach, open: (tools) => sessionOf(clientOf(url, tools), reach, grant) };
    };
    return [at(grant.userId), ...(grant.formerly ?? []).map((one) => at(one.userId))];
  }),
};

function sessionOf(http: HttpClient, reach: Place['reach'], grant: Grant): SubmittedSession {
  return {
    kind: 'submitted',
    account: accountOf(reach),
    reach,
    ...(grant.scopes && { scopes: canonicalScopes(grant.scopes) }),
    ask: (value) => askGithub(http, value),
    probe: async (value) => probeBy(await askGithub(http, value), reach.account),
    revoke: (value) => revoke(http, value),
  };
}

/** A value of another account is none of this one, whether it works or not. */
function probeBy(shown: Shown, account: string): Probe {
  if (shown.outcome !== 'active') return shown;
  if (shown.account !== account)
    return {
      outcome: 'unknown',
      reason: `GitHub takes this token for one of another account than ${account}.`,
    };
  const { scopes, expiresAt } = shown;
  return {
    outcome: 'active',
    ...(scopes && { scopes }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

/**
 * Without a credential: GitHub refuses one that comes with the request. It answers 202 for a value that it
 * does not know, too. Source: github/rest-api-description, POST /credentials/revoke.
 */
async function revoke(http: HttpClient, value: Secret): Promise<void> {
  await http.send({
    ...githubRequest({ method: 'POST', path: '/credentials/revoke' }),
    body: { json: { credentials: [value.reveal()] } },
    ends: true,
    repeatable: false,
  });
}
