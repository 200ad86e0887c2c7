import { RotateEnv } from './rotate.env.ts';

/** Environment of `act-<provider>`. */
export const ActEnv = RotateEnv.extend({});
