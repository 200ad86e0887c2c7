import { sentry } from '../../providers/sentry/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(sentry);
