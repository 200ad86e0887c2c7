import { auth0 } from '../../providers/auth0/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(auth0);
