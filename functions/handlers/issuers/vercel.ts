import { vercel } from '../../providers/vercel/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(vercel);
