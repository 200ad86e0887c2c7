import * as z from 'zod';
import { ProviderEnv } from './provider.env.ts';

/** Environment of `rotate-<provider>`. */
export const RotateEnv = ProviderEnv.extend({
  /**
   * The queue of `worker-<provider>`: it asks there for the revocation of what a new admin credential made on
   * trial.
   */
  WORKER_QUEUE: z.url(),
});
