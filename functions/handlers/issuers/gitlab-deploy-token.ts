import { gitlabDeployToken } from '../../providers/gitlab-deploy-token/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(gitlabDeployToken);
