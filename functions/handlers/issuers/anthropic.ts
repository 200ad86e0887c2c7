import { anthropic } from '../../providers/anthropic/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(anthropic);
