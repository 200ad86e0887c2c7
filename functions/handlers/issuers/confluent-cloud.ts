import { confluentCloud } from '../../providers/confluent-cloud/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(confluentCloud);
