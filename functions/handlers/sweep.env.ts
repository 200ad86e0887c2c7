import * as z from 'zod';
import { CommonEnv, ConsumerKinds, QueueUrls } from './common.env.ts';

export const SweepEnv = CommonEnv.extend({
  ACT_QUEUES: QueueUrls,
  /** The queue of the deliver function; empty where nothing is delivered. */
  DELIVERY_QUEUE: z.string(),
  /** The kinds of consumers it delivers to, separated by commas. */
  DELIVERY_KINDS: ConsumerKinds,
  /** Rotations that one sweep may start; the others wait for the next one. */
  STARTS_PER_SWEEP: z.coerce.number().int().positive(),
});
