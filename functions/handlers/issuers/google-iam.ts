import { googleIam } from '../../providers/google-iam/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(googleIam);
