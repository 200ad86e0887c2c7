import { contentful } from '../../providers/contentful/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(contentful);
