import { stripe } from '../../providers/stripe/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(stripe);
