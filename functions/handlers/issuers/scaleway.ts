import { scaleway } from '../../providers/scaleway/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(scaleway);
