import { hcpTerraform } from '../../providers/hcp-terraform/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(hcpTerraform);
