import { fastly } from '../../providers/fastly/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(fastly);
