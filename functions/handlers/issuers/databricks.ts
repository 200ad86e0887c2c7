import { databricks } from '../../providers/databricks/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(databricks);
