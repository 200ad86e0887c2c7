import { openaiAdmin } from '../../providers/openai-admin/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(openaiAdmin);
