import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as z from 'zod';
import { DAY, SECOND } from '../../functions/core/basics/time.ts';
import { cloudflare } from '../../functions/providers/cloudflare/index.ts';
import { cloudflareSimulator } from '../../lib/sandbox/issuers/cloudflare.ts';
import { defineProviderContract, type ProviderContract } from '../contracts/provider.ts';
import { issue, marked, withSetup } from '../contracts/setup.ts';
import { contractOf } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(cloudflare, {
    accountFields: ['account'],
    made: { id: 'result.id', value: 'result.value' },
    mayCall: ({ path }, account) =>
      path.startsWith(`/client/v4/${account.slice(account.indexOf('/') + 1)}/tokens`),
  }),
  name: 'cloudflare against its simulator',
  createIssuer: (clock) => cloudflareSimulator({ clock }),
};

defineProviderContract(CONTRACT);

const Answer = z.looseObject({
  result: z.looseObject({ policies: z.array(z.record(z.string(), z.unknown())) }),
});

it('sends back all of a token that it disables, its condition included, but what Cloudflare sets', () =>
  withSetup(CONTRACT, async ({ session, issuer, world }) => {
    const { handle } = await issue(session, marked(1), world.tools.now() + 5 * DAY);
    const condition = { request_ip: { in: ['192.0.2.0/24'], not_in: ['192.0.2.1/32'] }, later: { x: 1 } };
    let sent: unknown;
    world.intercept(async (request) => {
      if (request.method === 'PUT') {
        sent = await request.clone().json();
        return undefined;
      }
      const answer = Answer.parse(await (await issuer.fetch(request)).json());
      const {
        policies: [policy = {}],
        ...rest
      } = answer.result;
      const named = {
        ...policy,
        permission_groups: [{ id: 'g', name: 'DNS Write', meta: { key: 'k', value: 'v' } }],
      };
      return Response.json({
        ...answer,
        result: { ...rest, policies: [named], condition, not_before: null },
      });
    });
    await session.toggle?.disable(handle);
    const { expires_on: end, ...rest } = z.looseObject({ expires_on: z.string() }).parse(sent);
    assert.equal(Date.parse(end), Math.floor((world.tools.now() + 5 * DAY) / SECOND) * SECOND);
    assert.deepEqual(rest, {
      name: marked(1),
      status: 'disabled',
      condition,
      policies: [
        {
          effect: 'allow',
          permission_groups: [{ id: 'g', meta: { key: 'k', value: 'v' } }],
          resources: { 'com.cloudflare.api.account.zone.*': '*' },
        },
      ],
    });
  }));
