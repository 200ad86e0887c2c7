import { ownProvider } from '../../functions/providers/declared/own/index.ts';
import { grafanaSimulator } from '../../lib/sandbox/issuers/grafana.ts';
import { jupyterhubSimulator } from '../../lib/sandbox/issuers/jupyterhub.ts';
import { defineProviderContract } from '../contracts/provider.ts';
import { contractOf } from './contract-of.ts';
import { JUPYTERHUB } from './jupyterhub-contract.ts';
import { ownIssuer } from './own/files.ts';

defineProviderContract({
  ...JUPYTERHUB,
  provider: ownProvider(ownIssuer('jupyterhub')),
  name: 'a file for JupyterHub against its simulator',
  createIssuer: (clock) => jupyterhubSimulator({ clock }),
});

defineProviderContract({
  ...contractOf(ownProvider(ownIssuer('grafana')), {
    accountFields: ['serviceAccount'],
    made: { id: 'id', value: 'key' },
    mayCall: ({ path }, account) =>
      path === '/api/user' || path.startsWith(`/api/${account.slice(account.indexOf('/') + 1)}/tokens`),
  }),
  name: 'a file for Grafana against its simulator',
  createIssuer: (clock) => grafanaSimulator({ clock }),
});
