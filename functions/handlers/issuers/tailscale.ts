import { tailscale } from '../../providers/tailscale/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(tailscale);
