import * as z from 'zod';
import { CommonEnv } from './common.env.ts';

export const AlertEnv = CommonEnv.omit({ BUS_NAME: true }).extend({
  TOPIC_ARN: z.string().min(1),
  /** Where the runbook is read; the finding's anchor is appended. */
  RUNBOOK_URL: z.url(),
});
