import { oktaClientKey } from '../../providers/okta-client-key/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(oktaClientKey);
