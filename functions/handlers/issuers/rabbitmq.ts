import { rabbitmq } from '../../providers/rabbitmq/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(rabbitmq);
