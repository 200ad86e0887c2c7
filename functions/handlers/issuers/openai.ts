import { openai } from '../../providers/openai/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(openai);
