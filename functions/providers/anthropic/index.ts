import type { Probe, Provider, Shown, SubmittedSession } from '../../core/issuer/provider.ts';
import type { Secret } from '../../core/basics/secret.ts';
import { grantFor, readableGrants } from '../grant-of.ts';
import { readAdmin } from '../grants.ts';
import { inPlaces, placeAt, accountOf, type Place } from '../places.ts';
import { asking, probing } from '../verdicts.ts';
import { anthropicRequest, askAnthropic, clientOf } from './ask.ts';
import { descriptor } from './descriptor.ts';
import { archive, keyOf, type Managed } from './keys.ts';
import { Admin, Grant, Organization, Refused } from './schema.ts';

const RULE = { provider: descriptor.id, schema: Grant };

/**
 * API keys of Anthropic: people create them in the Console; each is asked about by its value, and archived by
 * the organization's admin key.
 */
export const anthropic: Provider = {
  descriptor,
  examine(admin, tools) {
    const { url, token, grants } = readAdmin(descriptor.id, admin, Admin);
    const named = readableGrants(RULE, grants).map(({ organization }) => organization);
    return asking({
      http: clientOf(url, tools),
      request: anthropicRequest(token, { method: 'GET', path: '/v1/organizations/me' }),
      verdicts: [
        {
          outcome: 'active',
          status: 200,
          body: Organization.refine(({ id }) => named.every((one) => one === id)).transform(() => ({})),
          source: 'platform.claude.com, "Get Current Organization"',
        },
        {
          outcome: 'unknown',
          status: 200,
          body: Organization.transform(
            () => 'A grant names another organization than that of the admin key.',
          ),
          source: 'the same',
        },
        {
          outcome: 'inactive',
          status: 401,
          body: Refused,
          source: 'answers of api.anthropic.com, as users report them',
        },
      ],
    });
  },
  adminValues: (admin) => [readAdmin(descriptor.id, admin, Admin).token],
  ...inPlaces((admin, secretName) => {
    const { url, token, grants } = readAdmin(descriptor.id, admin, Admin);
    const grant = grantFor(RULE, grants, secretName);
    const at = (organization: string): Place => {
      const reach = placeAt(url, `organizations/${organization}`);
      return { reach, open: (tools) => sessionOf({ http: clientOf(url, tools), admin: token }, reach) };
    };
    return [at(grant.organization), ...(grant.formerly ?? []).map((one) => at(one.organization))];
  }),
};

function sessionOf(managed: Managed, reach: Place['reach']): SubmittedSession {
  return {
    kind: 'submitted',
    account: accountOf(reach),
    reach,
    ask: (value) => ask(managed, reach.account, value),
    probe: async (value) => probeBy(await askAnthropic(managed.http, value), reach.account),
    revoke: async (value) => archive(managed, await keyOf(managed, value)),
  };
}

/** The value says whose it is, and the list says when it ends. */
async function ask(managed: Managed, account: string, value: Secret): Promise<Shown> {
  const shown = await askAnthropic(managed.http, value);
  if (shown.outcome !== 'active' || shown.account !== account) return shown;
  return probing(async () => {
    const { expires_at: ends } = await keyOf(managed, value);
    return { ...shown, ...(typeof ends === 'string' && { expiresAt: Date.parse(ends) }) };
  });
}

/** A value of another organization is none of this one, whether it works or not. */
function probeBy(shown: Shown, account: string): Probe {
  if (shown.outcome !== 'active') return shown;
  if (shown.account === account) return { outcome: 'active' };
  return {
    outcome: 'unknown',
    reason: `Anthropic takes this key for one of another organization than ${account}.`,
  };
}
