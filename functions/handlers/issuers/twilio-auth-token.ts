import { twilioAuthToken } from '../../providers/twilio-auth-token/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(twilioAuthToken);
