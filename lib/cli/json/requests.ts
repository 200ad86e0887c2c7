import * as z from 'zod';
import { Time } from './basics.ts';

const OUTCOMES = ['asked', 'done', 'failed', 'unfinished'] as const;

/** What commands that ask for something print. */
export const RequestJson = z.strictObject({
  request: z.string().meta({ description: 'the command that asked' }),
  id: z.string(),
  name: z.string(),
  notAfter: Time.meta({ description: 'a request not taken up by then is dropped' }),
  outcome: z
    .enum(OUTCOMES)
    .meta({ description: 'asked without --wait; unfinished when the waiting ended first' }),
  detail: z.string(),
});
export type RequestJson = z.input<typeof RequestJson>;
