import { digitalocean } from '../../providers/digitalocean/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(digitalocean);
