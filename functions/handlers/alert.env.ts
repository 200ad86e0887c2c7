import * as z from 'zod';
import { CommonEnv } from './common.env.ts';

export const AlertEnv = CommonEnv.omit({ BUS_NAME: true, POLICY_DEFAULTS: true }).extend({
  TOPIC_ARN: z.string().min(1),
  /** The page whose sections are the runbook; empty where there is none. */
  RUNBOOK_URL: z.union([z.literal(''), z.url()]),
});
