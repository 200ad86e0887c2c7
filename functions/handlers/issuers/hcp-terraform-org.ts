import { hcpTerraformOrg } from '../../providers/hcp-terraform-org/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(hcpTerraformOrg);
