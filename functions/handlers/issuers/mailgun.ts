import { mailgun } from '../../providers/mailgun/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(mailgun);
