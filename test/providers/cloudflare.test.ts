import { cloudflare } from '../../functions/providers/cloudflare/index.ts';
import { cloudflareSimulator } from '../../lib/sandbox/issuers/cloudflare.ts';
import { defineProviderContract } from '../contracts/provider.ts';
import { contractOf } from './contract-of.ts';

defineProviderContract({
  ...contractOf(cloudflare, {
    accountFields: ['account'],
    made: { id: 'result.id', value: 'result.value' },
    mayCall: ({ path }, account) =>
      path.startsWith(`/client/v4/${account.slice(account.indexOf('/') + 1)}/tokens`),
  }),
  name: 'cloudflare against its simulator',
  createIssuer: (clock) => cloudflareSimulator({ clock }),
});
