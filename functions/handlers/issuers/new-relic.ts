import { newRelic } from '../../providers/new-relic/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(newRelic);
