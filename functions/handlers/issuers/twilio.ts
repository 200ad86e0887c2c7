import { twilio } from '../../providers/twilio/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(twilio);
