import { launchdarkly } from '../../providers/launchdarkly/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(launchdarkly);
