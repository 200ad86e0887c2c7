import { github } from '../../providers/github/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(github);
