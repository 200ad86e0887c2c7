import * as z from 'zod';

export const IntakeEnv = z.object({
  AWS_REGION: z.string().min(1),
  /** Name of the secret that GitHub signs its deliveries with. */
  WEBHOOK_SECRET: z.string().min(1),
  REPORTS_QUEUE_URL: z.url(),
});
