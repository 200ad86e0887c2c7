import { sentryIntegration } from '../../providers/sentry-integration/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(sentryIntegration);
