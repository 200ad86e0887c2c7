import { pagerduty } from '../../providers/pagerduty/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(pagerduty);
