import { kubernetes } from '../../providers/kubernetes/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(kubernetes);
