import { unleash } from '../../providers/unleash/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(unleash);
