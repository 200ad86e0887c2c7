import * as z from 'zod';
import { bearerOf, iso } from './forms.ts';
import { DAY } from '../../../functions/core/basics/time.ts';
import {
  OneSlotSimulator,
  type OneSlotOptions,
  type OneSlotRules,
  type SlotCall,
  type SlotValue,
} from './one-slot.ts';
import type { Issuer } from './simulator.ts';

const TYPE = 'application/vnd.api+json';
/** "If omitted the token expires in two years." Source: developer.hashicorp.com, "Organization token API". */
const TWO_YEARS = 730 * DAY;

const NewToken = z.strictObject({
  data: z.strictObject({
    type: z.literal('authentication-tokens'),
    attributes: z.strictObject({
      'expired-at': z.iso.datetime().nullish(),
      description: z.string().nullish(),
    }),
  }),
});

const RULES: OneSlotRules = {
  provider: 'hcp-terraform-org',
  host: 'hcp-terraform-org.keyturn.test',
  account: (index) => `organizations/org-${index}`,
  adminToken: 'adminOfOwners0.atlasv1.token-of-the-team-owners',
  grant: (account) => ({ organization: account.slice('organizations/'.length) }),
  value: (random) => `${random(14)}.atlasv1.${random(67)}`,
  presented: bearerOf,
  use: (host, token, account) =>
    new Request(`https://${host}/api/v2/${account}/workspaces`, {
      headers: { authorization: `Bearer ${token}` },
    }),
  answer,
};

/**
 * HCP Terraform as far as tokens of organizations go. Source: hashicorp/go-tfe, v2/openapi/spec.json;
 * developer.hashicorp.com, "Organization token API".
 */
export function hcpTerraformOrgSimulator(options: OneSlotOptions): Issuer {
  return new OneSlotSimulator(RULES, options);
}

function answer(call: SlotCall): Response {
  const { method, path, caller } = call;
  if (caller === 'unauthenticated') return failed(401, 'unauthorized');
  const [, account = '', what] =
    /^\/api\/v2\/(organizations\/[\w-]+)\/(authentication-token|workspaces)$/.exec(path) ?? [];
  if (!call.has(account) || (caller !== 'admin' && caller.of !== account)) return failed(404, 'not found');
  if (what === 'workspaces') return shown([]);
  const kept = call.current(account);
  if (method === 'GET') return kept ? shown(tokenOf(kept, null)) : failed(404, 'not found');
  if (method !== 'POST') return failed(404, 'not found');
  if (call.headers.get('content-type') !== TYPE || !NewToken.safeParse(call.body).success)
    return failed(422, 'invalid attribute');
  const made = call.replace(account);
  return shown(tokenOf(made, made.value), 201);
}

function tokenOf({ createdAt }: SlotValue, token: string | null): object {
  return {
    id: 'at-6yEmxNAhaoQLH1Da',
    type: 'authentication-tokens',
    attributes: {
      'created-at': iso(createdAt),
      'last-used-at': null,
      description: null,
      token,
      'expired-at': iso(createdAt + TWO_YEARS),
    },
  };
}

function shown(data: unknown, status = 200): Response {
  return new Response(JSON.stringify({ data }), { status, headers: { 'content-type': TYPE } });
}

function failed(status: number, title: string): Response {
  return new Response(JSON.stringify({ errors: [{ status: String(status), title }] }), {
    status,
    headers: { 'content-type': TYPE },
  });
}
