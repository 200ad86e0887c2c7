import { vaultApprole } from '../../providers/vault-approle/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(vaultApprole);
