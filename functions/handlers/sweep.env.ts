import * as z from 'zod';
import { CommonEnv, QueueUrls } from './common.env.ts';

export const SweepEnv = CommonEnv.extend({
  ACT_QUEUES: QueueUrls,
  /** Rotations that one sweep may start; the others wait for the next one. */
  STARTS_PER_SWEEP: z.coerce.number().int().positive(),
});
