import { dockerHub } from '../../providers/docker-hub/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(dockerHub);
