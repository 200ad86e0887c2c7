import { synapse } from '../../providers/synapse/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(synapse);
