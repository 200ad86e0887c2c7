import { linode } from '../../providers/linode/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(linode);
