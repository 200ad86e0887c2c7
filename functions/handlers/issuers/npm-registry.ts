import { npmRegistry } from '../../providers/npm-registry/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(npmRegistry);
