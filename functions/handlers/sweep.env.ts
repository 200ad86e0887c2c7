import * as z from 'zod';
import { CommonEnv, ConsumerKinds } from './common.env.ts';
import { IssuerLimits, QueueUrls } from './issuers.env.ts';

export const SweepEnv = CommonEnv.extend({
  WORKER_QUEUES: QueueUrls,
  /** The queue of the deliver function; empty where nothing is delivered. */
  DELIVERY_QUEUE: z.string(),
  /** The kinds of consumers it delivers to, separated by commas. */
  DELIVERY_KINDS: ConsumerKinds,
  ISSUER_LIMITS: IssuerLimits,
  /** Rotations under way at once, of all issuers. */
  ROTATIONS_AT_ONCE: z.coerce.number().int().positive(),
});
