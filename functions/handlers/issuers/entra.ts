import { entra } from '../../providers/entra/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(entra);
