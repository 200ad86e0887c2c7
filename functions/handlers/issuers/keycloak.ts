import { keycloak } from '../../providers/keycloak/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(keycloak);
