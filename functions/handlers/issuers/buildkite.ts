import { buildkite } from '../../providers/buildkite/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(buildkite);
