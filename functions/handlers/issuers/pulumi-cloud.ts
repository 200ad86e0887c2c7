import { pulumiCloud } from '../../providers/pulumi-cloud/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(pulumiCloud);
