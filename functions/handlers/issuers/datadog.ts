import { datadog } from '../../providers/datadog/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(datadog);
