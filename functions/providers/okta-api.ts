import * as z from 'zod';
import { AdminSecret } from './grants.ts';
import type { Verdict } from './verdicts.ts';

export const OKTA_SPEC = 'okta/okta-management-openapi-spec, dist/current';

/** An application, and the client id that is its own. */
export const OktaApplication = z.strictObject({
  app: z.string().regex(/^\w+$/, 'must be the id of an application, such as 0oafxqCAJWWGELFTYASJ'),
  /** Only for applications with a client id of their own choice; Okta's default is the application's id. */
  clientId: z
    .string()
    .regex(/^[!-9;-~]+$/, 'must be a client id: no spaces and no colon')
    .optional(),
});
export type OktaApplication = z.infer<typeof OktaApplication>;

export const OktaAdmin = z.strictObject({ token: AdminSecret });
export type OktaAdmin = z.infer<typeof OktaAdmin>;

const failure = (errorCode: string) =>
  z.object({ errorCode: z.literal(errorCode), errorSummary: z.string(), errorId: z.string() });

/** What a list of an application's credentials says of the API token. `what`: the end of its path. */
export function oktaAdminVerdicts(list: z.ZodType, what: string): readonly Verdict[] {
  return [
    {
      outcome: 'active',
      status: 200,
      body: list.transform(() => ({})),
      source: `${OKTA_SPEC}/management-minimal.yaml, GET /api/v1/apps/{appId}/credentials/${what}`,
    },
    // The token works; it cannot see the application.
    {
      outcome: 'active',
      status: 404,
      body: failure('E0000007').transform(() => ({})),
      source: 'developer.okta.com, "Error codes": E0000007, Not found',
    },
    {
      outcome: 'inactive',
      status: 401,
      body: failure('E0000011'),
      source: `${OKTA_SPEC}/management-minimal.yaml, 401: "Invalid token provided"`,
    },
    {
      outcome: 'inactive',
      status: 403,
      body: failure('E0000006'),
      source:
        `${OKTA_SPEC}/management-minimal.yaml, 403: "You do not have ` +
        'permission to perform the requested action"',
    },
  ];
}
