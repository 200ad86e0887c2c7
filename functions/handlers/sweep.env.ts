import * as z from 'zod';
import { CommonEnv, QueueUrls } from './common.env.ts';

export const SweepEnv = CommonEnv.extend({
  ACT_QUEUES: QueueUrls,
  /** Rotations under way at once, over all providers. */
  MAX_IN_FLIGHT: z.coerce.number().int().positive(),
});
