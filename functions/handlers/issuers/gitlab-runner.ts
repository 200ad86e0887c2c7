import { gitlabRunner } from '../../providers/gitlab-runner/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(gitlabRunner);
