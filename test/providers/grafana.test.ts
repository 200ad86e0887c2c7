import { grafana } from '../../functions/providers/grafana/index.ts';
import { grafanaSimulator } from '../../lib/sandbox/issuers/grafana.ts';
import { defineProviderContract } from '../contracts/provider.ts';
import { contractOf } from './contract-of.ts';

defineProviderContract({
  ...contractOf(grafana, {
    accountFields: ['serviceAccount'],
    made: { id: 'id', value: 'key' },
    mayCall: ({ path }, account) =>
      path === '/api/user' || path.startsWith(`/api/${account.slice(account.indexOf('/') + 1)}/tokens`),
  }),
  name: 'grafana against its simulator',
  createIssuer: (clock) => grafanaSimulator({ clock }),
});
