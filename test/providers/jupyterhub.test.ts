import { jupyterhubSimulator } from '../../lib/sandbox/issuers/jupyterhub.ts';
import { defineProviderContract } from '../contracts/provider.ts';
import { JUPYTERHUB } from './jupyterhub-contract.ts';

defineProviderContract({
  ...JUPYTERHUB,
  name: 'jupyterhub against its simulator',
  createIssuer: (clock) => jupyterhubSimulator({ clock }),
});
