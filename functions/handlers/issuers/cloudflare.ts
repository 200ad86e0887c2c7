import { cloudflare } from '../../providers/cloudflare/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(cloudflare);
