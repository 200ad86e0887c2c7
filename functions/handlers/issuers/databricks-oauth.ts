import { databricksOauth } from '../../providers/databricks-oauth/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(databricksOauth);
