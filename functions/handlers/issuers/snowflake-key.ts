import { snowflakeKey } from '../../providers/snowflake-key/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(snowflakeKey);
