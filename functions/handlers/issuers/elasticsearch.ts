import { elasticsearch } from '../../providers/elasticsearch/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(elasticsearch);
