import * as z from 'zod';
import { CommonEnv, IssuerLimits, QueueUrls } from './common.env.ts';

export const ReconcileEnv = CommonEnv.extend({
  ACT_QUEUES: QueueUrls,
  ISSUER_LIMITS: IssuerLimits,
  /** Minutes from the beginning of one pass to that of the next. */
  RECONCILE_EVERY: z.coerce.number().int().positive(),
});
