import { CommonEnv } from './common.env.ts';

export const MeasureEnv = CommonEnv.omit({ BUS_NAME: true, POLICY_DEFAULTS: true });
