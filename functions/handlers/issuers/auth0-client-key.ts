import { auth0ClientKey } from '../../providers/auth0-client-key/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(auth0ClientKey);
