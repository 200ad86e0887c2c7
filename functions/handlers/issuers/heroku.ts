import { heroku } from '../../providers/heroku/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(heroku);
