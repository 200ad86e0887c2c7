import { gitea } from '../../providers/gitea/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(gitea);
