import type * as z from 'zod';
import { asBearer } from '../declared/forms.ts';
import { declaredOneSlot } from '../declared/one-slot.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import { Admin, Made, Organization, Shown, Unauthorized } from './schema.ts';

type Organization = z.infer<typeof Organization>;

const JSON_API = { 'content-type': 'application/vnd.api+json' };

const tokenOf = ({ organization }: Organization): string =>
  pathOf`/api/v2/organizations/${organization}/authentication-token`;

const SOURCE = 'hashicorp/go-tfe, v2/openapi/spec.json, getOrganizationToken';

/** Not listed, so unknown: 404, for a token without rights and for one of another organization. */
const REFUSED: Verdict = {
  outcome: 'inactive',
  status: 401,
  body: Unauthorized,
  source: 'hashicorp/terraform, internal/command/login_test.go',
};

/** Of a value of a secret, when it ends; of the admin credential, only that it is accepted. */
const VERDICTS: readonly Verdict[] = [
  {
    outcome: 'active',
    status: 200,
    body: Shown.transform(({ data: { attributes } }) => ({
      ...(attributes['expired-at'] !== undefined && { expiresAt: attributes['expired-at'] }),
    })),
    source: SOURCE,
  },
  REFUSED,
];
const ADMIN_VERDICTS: readonly Verdict[] = [
  { outcome: 'active', status: 200, body: Shown.transform(() => ({})), source: SOURCE },
  REFUSED,
];

export const hcpTerraformOrg = declaredOneSlot({
  descriptor,
  admin: Admin,
  place: Organization,
  alone: { field: 'organization', kind: 'organization' },
  apiPath: '/api/v2',
  account: ({ organization }: Organization) => `organizations/${organization}`,
  check: {
    request: (value, place) => ({ method: 'GET', path: tokenOf(place), headers: asBearer(value) }),
    verdicts: () => VERDICTS,
  },
  replace: {
    request: ({ token }, place) => ({
      method: 'POST',
      path: tokenOf(place),
      headers: { ...JSON_API, ...asBearer(token) },
      body: { json: { data: { type: 'authentication-tokens', attributes: {} } } },
    }),
    made: Made,
  },
  examine: ({ token }, [place]) =>
    place === undefined
      ? []
      : [
          {
            request: { method: 'GET', path: tokenOf(place), headers: asBearer(token) },
            verdicts: ADMIN_VERDICTS,
          },
        ],
  adminValues: ({ token }) => [token],
});
