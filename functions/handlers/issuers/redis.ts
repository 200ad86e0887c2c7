import { redisTransport } from '../../adapters/redis-transport.ts';
import { redis } from '../../providers/redis/index.ts';
import { providerHandlers } from '../provider.ts';

export const { rotate, worker } = providerHandlers(redis, redisTransport());
