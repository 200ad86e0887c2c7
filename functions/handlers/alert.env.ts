import * as z from 'zod';
import { parseWindow, type Window } from '../core/calendar.ts';
import { parseDigestTime, type DigestTime } from '../core/telling.ts';
import { CommonEnv } from './common.env.ts';

/** `08:00 Europe/Berlin`, or `off`. */
const DigestEnv = z.string().transform((text, context): DigestTime | undefined => {
  const time = parseDigestTime(text);
  if (time === undefined && text !== 'off') context.addIssue({ code: 'custom', message: 'is no time of day' });
  return time;
});

/** Windows, one a line; empty for none. */
const QuietEnv = z.string().transform((text, context): Window[] => {
  const windows = text.split('\n').filter((line) => line !== '').map((line) => parseWindow(line));
  if (windows.includes(undefined)) context.addIssue({ code: 'custom', message: 'is no list of hours' });
  return windows.filter((window) => window !== undefined);
});

export const AlertEnv = CommonEnv.omit({ BUS_NAME: true, POLICY_DEFAULTS: true }).extend({
  TOPIC_ARN: z.string().min(1),
  DIGEST: DigestEnv,
  QUIET: QuietEnv,
  /** The page whose sections are the runbook; empty where there is none. */
  RUNBOOK_URL: z.union([z.literal(''), z.url()]),
});
