import { neon } from '../../providers/neon/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(neon);
