import { snowflakePat } from '../../providers/snowflake-pat/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(snowflakePat);
