import * as z from 'zod';
import { ScopeEnv } from './common.env.ts';

export const ChatEnv = ScopeEnv.extend({
  TABLE_NAME: z.string().min(1),
  /** The topic that the chat room listens to. */
  CHAT_TOPIC_ARN: z.string().min(1),
  /** The page whose sections are the runbook; empty where there is none. */
  RUNBOOK_URL: z.union([z.literal(''), z.url()]),
});
