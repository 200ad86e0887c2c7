import { mongodbAtlas } from '../../providers/mongodb-atlas/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(mongodbAtlas);
