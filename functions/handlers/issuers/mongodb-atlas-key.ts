import { mongodbAtlasKey } from '../../providers/mongodb-atlas-key/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(mongodbAtlasKey);
