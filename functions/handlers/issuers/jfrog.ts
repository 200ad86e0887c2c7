import { jfrog } from '../../providers/jfrog/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(jfrog);
