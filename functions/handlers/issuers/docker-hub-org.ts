import { dockerHubOrg } from '../../providers/docker-hub-org/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(dockerHubOrg);
