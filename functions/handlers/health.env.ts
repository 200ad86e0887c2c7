import { CommonEnv } from './common.env.ts';
import { QueueUrls } from './issuers.env.ts';

/** Environment of `health`, which tells nothing and so knows no bus. */
export const HealthEnv = CommonEnv.omit({ BUS_NAME: true }).extend({ WORKER_QUEUES: QueueUrls });
