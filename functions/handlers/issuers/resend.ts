import { resend } from '../../providers/resend/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(resend);
