import { ngrok } from '../../providers/ngrok/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(ngrok);
