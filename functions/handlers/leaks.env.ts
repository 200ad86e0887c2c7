import * as z from 'zod';
import { CommonEnv } from './common.env.ts';
import { QueueUrls } from './issuers.env.ts';

export const LeaksEnv = CommonEnv.extend({
  WORKER_QUEUES: QueueUrls,
  HMAC_KEY_ID: z.string().min(1),
  /** So many leaks may machines report within RATE_LIMIT_MINUTES before a person has to say so. */
  RATE_LIMIT_MAX: z.coerce.number().int().positive(),
  RATE_LIMIT_MINUTES: z.coerce.number().int().positive(),
  /**
   * Where alerts of GitHub's secret scanning are read, and the name of the secret with the token for it;
   * empty where none come.
   */
  GITHUB_API_URL: z.url().or(z.literal('')),
  GITHUB_TOKEN_SECRET: z.string(),
});
