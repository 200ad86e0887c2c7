import { sendgrid } from '../../providers/sendgrid/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(sendgrid);
