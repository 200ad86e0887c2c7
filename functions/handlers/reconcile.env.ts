import { CommonEnv, QueueUrls } from './common.env.ts';

export const ReconcileEnv = CommonEnv.extend({ ACT_QUEUES: QueueUrls });
