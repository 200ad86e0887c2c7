import { CommonEnv, QueueUrls } from './common.env.ts';

/** Environment of `health`, which tells nothing and so knows no bus. */
export const HealthEnv = CommonEnv.omit({ BUS_NAME: true }).extend({ WORKER_QUEUES: QueueUrls });
