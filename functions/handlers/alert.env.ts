import * as z from 'zod';
import { parseWindow, type Window } from '../core/basics/weekly-windows.ts';
import { parseDigestTime, type DigestTime } from '../core/alerts/notification-times.ts';
import { parseDuration, type Millis } from '../core/basics/time.ts';
import { CommonEnv, jsonOf } from './common.env.ts';

/** `08:00 Europe/Berlin`, or `off`. */
const DigestEnv = z.string().transform((text, context): DigestTime | undefined => {
  const time = parseDigestTime(text);
  if (time === undefined && text !== 'off')
    context.addIssue({ code: 'custom', message: 'is no time of day' });
  return time;
});

/** Windows, one a line; empty for none. */
const QuietEnv = z.string().transform((text, context): Window[] => {
  const windows = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => parseWindow(line));
  if (windows.includes(undefined)) context.addIssue({ code: 'custom', message: 'is no list of hours' });
  return windows.filter((window) => window !== undefined);
});

export const AlertEnv = CommonEnv.omit({ BUS_NAME: true, POLICY_DEFAULTS: true }).extend({
  TOPIC_ARN: z.string().min(1),
  /** The topic of canaries, to which no people are subscribed. */
  CANARY_TOPIC_ARN: z.string().min(1),
  DIGEST: DigestEnv,
  QUIET_HOURS: QuietEnv,
  /**
   * Owners with addresses of their own, as JSON text, and whose addresses are notified of all others; empty
   * for none.
   */
  ROUTED_OWNERS: jsonOf(z.array(z.string()), 'is not a JSON list of owners'),
  FALLBACK_OWNER: z.string(),
  /** After how long people are reminded of what is critical, like `4h`, or `off`. */
  REMIND_AFTER: z.string().transform((text, context): Millis | undefined => {
    const length = parseDuration(text);
    if (length === undefined && text !== 'off')
      context.addIssue({ code: 'custom', message: 'is no length of time' });
    return length;
  }),
  /** The page whose sections are the runbook; empty where there is none. */
  RUNBOOK_URL: z.union([z.literal(''), z.url()]),
});
