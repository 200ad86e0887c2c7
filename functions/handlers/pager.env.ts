import * as z from 'zod';
import { ScopeEnv } from './common.env.ts';

export const PagerEnv = ScopeEnv.extend({
  TABLE_NAME: z.string().min(1),
  /** Name of the secret that holds the PagerDuty routing key. */
  PAGER_SECRET: z.string().min(1),
  /** PagerDuty's Events API v2 endpoint. */
  PAGER_URL: z.url(),
  /** The page whose sections are the runbook; empty where there is none. */
  RUNBOOK_URL: z.union([z.literal(''), z.url()]),
});
