import { okta } from '../../providers/okta/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(okta);
