import { gitlab } from '../../providers/gitlab/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(gitlab);
