import * as z from 'zod';
import { Route } from '../core/alerts/routes.ts';
import { CommonEnv, jsonOf, packedJsonOf } from './common.env.ts';
import { IssuerLimits, QueueUrls } from './issuers.env.ts';

export const ReconcileEnv = CommonEnv.extend({
  WORKER_QUEUES: QueueUrls,
  ISSUER_LIMITS: IssuerLimits,
  /** Minutes from the beginning of one pass to that of the next. */
  RECONCILE_EVERY: z.coerce.number().int().positive(),
  /** Whether a trail is watched: `on` or `off`. */
  TRAIL: z.enum(['on', 'off']).transform((text) => text === 'on'),
  ALERT_TOPIC_ARN: z.string().min(1),
  /** The addresses that are to be subscribed to it, packed. */
  MAIL_ROUTES: packedJsonOf(z.array(Route), 'is not a packed list of routes'),
  /** The queues that are, as JSON text. */
  QUEUE_ROUTES: jsonOf(z.array(Route), 'is not a JSON list of routes'),
});
