import * as z from 'zod';
import { MACHINES } from '../core/commands/senders.ts';
import { jsonOf } from './common.env.ts';
import { ProviderEnv } from './provider.env.ts';

/** Environment of `worker-<provider>`. */
export const WorkerEnv = ProviderEnv.extend({
  /** The queue that its commands come by. */
  COMMANDS_ARN: z.string().startsWith('arn:'),
  /** The unique ids of the roles that may send there, by function, as JSON text. */
  SENDERS: jsonOf(
    z.record(z.enum(MACHINES), z.string().min(1)),
    'is not a JSON object of functions and role ids',
  ),
});
