import * as z from 'zod';
import { CommonEnv, QueueUrls } from './common.env.ts';

export const LeaksEnv = CommonEnv.extend({
  ACT_QUEUES: QueueUrls,
  HMAC_KEY_ID: z.string().min(1),
  /** So many leaks may machines report within FLOOD_MINUTES before a person has to say so. */
  FLOOD_MOST: z.coerce.number().int().positive(),
  FLOOD_MINUTES: z.coerce.number().int().positive(),
});
