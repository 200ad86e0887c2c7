import { githubAppKey } from '../../providers/github-app-key/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(githubAppKey);
