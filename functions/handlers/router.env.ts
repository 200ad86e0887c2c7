import { CommonEnv } from './common.env.ts';
import { QueueUrls } from './issuers.env.ts';

/** Environment of `router`, which tells nothing and so knows no bus. */
export const RouterEnv = CommonEnv.omit({ BUS_NAME: true, POLICY_DEFAULTS: true }).extend({
  WORKER_QUEUES: QueueUrls,
});
