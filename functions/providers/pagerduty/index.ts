import type * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';
import type { Headers } from '../declared/calls.ts';
import { declared } from '../declared/index.ts';
import { onePage } from '../declared/paging.ts';
import { pathOf } from '../request.ts';
import { descriptor } from './descriptor.ts';
import {
  Admin,
  AllIntegrations,
  Grant,
  INTEGRATION_ID,
  MadeIntegration,
  NewEntry,
  Orchestration,
} from './schema.ts';

type Orchestration = z.infer<typeof Orchestration>;

const integrationsOf = ({ orchestration }: Orchestration): string =>
  pathOf`/event_orchestrations/${orchestration}/integrations`;

/** The version of the API is asked for by the type that is accepted. */
const VERSION = { accept: 'application/vnd.pagerduty+json;version=2' };

const asToken = (token: Secret): Headers => ({
  ...VERSION,
  authorization: new Secret(`Token token=${token.reveal()}`),
});

export const pagerduty = declared({
  descriptor,
  admin: Admin,
  place: Orchestration,
  grant: Grant,
  atOrigin: true,
  account: ({ orchestration }: Orchestration) => `event_orchestrations/${orchestration}`,
  id: INTEGRATION_ID,
  as: ({ admin }) => asToken(admin.token),
  create: {
    path: ({ place }) => integrationsOf(place),
    body: ({ name }) => ({ json: { integration: { label: name } } }),
    made: MadeIntegration,
    entry: NewEntry,
    told: 'answer',
  },
  list: {
    path: ({ place }) => integrationsOf(place),
    answer: AllIntegrations,
    pages: onePage,
  },
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => integrationsOf(place) + pathOf`/${id}`,
    done: { status: 204 },
    gone: [404],
    proof: 'answer',
  },
  check: 'by-list',
  identify: { by: 'value' },
  // The words of a refusal are not known, so that none is listed.
  examine: ({ token }, grants) =>
    grants.slice(0, 1).map((place) => ({
      request: { method: 'GET', path: integrationsOf(place), headers: asToken(token) },
      verdicts: [
        {
          outcome: 'active',
          status: 200,
          body: AllIntegrations.transform(() => ({})),
          source: 'PagerDuty/api-schema, List Integrations for an Event Orchestration',
        },
      ],
    })),
  adminValues: ({ token }) => [token],
});
