import { githubDeployKey } from '../../providers/github-deploy-key/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(githubDeployKey);
