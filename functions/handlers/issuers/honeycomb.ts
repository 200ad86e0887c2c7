import { honeycomb } from '../../providers/honeycomb/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(honeycomb);
