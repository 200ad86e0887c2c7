import * as z from 'zod';
import { Route } from '../core/routes.ts';
import { CommonEnv, IssuerLimits, QueueUrls, jsonOf } from './common.env.ts';

export const ReconcileEnv = CommonEnv.extend({
  ACT_QUEUES: QueueUrls,
  ISSUER_LIMITS: IssuerLimits,
  /** Minutes from the beginning of one pass to that of the next. */
  RECONCILE_EVERY: z.coerce.number().int().positive(),
  ALERT_TOPIC_ARN: z.string().min(1),
  /** Who is to be subscribed to it, as JSON text. */
  ALERT_ROUTES: jsonOf(z.array(Route), 'is not a JSON list of routes'),
});
