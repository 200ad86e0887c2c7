import { datadogAppKey } from '../../providers/datadog-app-key/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(datadogAppKey);
