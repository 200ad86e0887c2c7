import { jupyterhub } from '../../providers/jupyterhub/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(jupyterhub);
