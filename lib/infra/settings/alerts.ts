// Who is notified, when, and by which ways.
import * as z from 'zod';
import { parseDigestTime } from '../../../functions/core/alerts/notification-times.ts';
import { closedUntil } from '../../../functions/core/basics/calendar.ts';
import { parseWindow } from '../../../functions/core/basics/weekly-windows.ts';
import { Severity } from '../../../functions/core/findings/findings.ts';
import {
  Email,
  RoutingKeySecret,
  YesOrNo,
  httpsUrl,
  isWithin,
  minutesOf,
  readable,
  text,
} from './notation.ts';

const Owner = text(/^\S(.*\S)?$/, 'write the name of an owner, as in the tag keyturn:owner');

/** Addresses that are notified of one owner's tokens only. */
const Route = z.strictObject({
  owner: Owner,
  emails: z.array(Email).min(1, 'is empty: name an address'),
  minSeverity: Severity.default('info'),
});

/** The workspace has to be authorized for Amazon Q Developer in chat applications once, in its console. */
const Slack = z.strictObject({
  workspaceId: text(/^T[A-Z0-9]{6,}$/, 'write the id of a Slack workspace, like T0123ABCDEF'),
  channelId: text(/^[CG][A-Z0-9]{6,}$/, 'write the id of a Slack channel, like C0123ABCDEF'),
});

const QuietHours = readable(
  (hours) => parseWindow(hours) !== undefined,
  'write days, hours and a time zone, like daily 20:00-08:00 Europe/Berlin',
);

function hasEnd(texts: readonly string[]): boolean {
  const windows = texts.map((hours) => parseWindow(hours)).filter((window) => window !== undefined);
  return closedUntil(windows, 0) !== undefined;
}

export const Alerts = z
  .strictObject({
    /** Each address gets a mail from AWS first and has to confirm. */
    emails: z.array(Email).default([]),
    /** When what is not critical is told, in one message a day for each owner; `off` for one message each. */
    digest: readable(
      (time) => time === 'off' || parseDigestTime(time) !== undefined,
      'write a time of day and a time zone, like 08:00 Europe/Berlin, or off',
    ).default('08:00 UTC'),
    /** Hours in which only what is critical is told. */
    quietHours: z
      .array(QuietHours)
      .refine(hasEnd, 'has no hour outside: make the quiet hours fewer')
      .default([]),
    routes: z.array(Route).default([]),
    /** Whose addresses are notified of tokens of an owner without a route. */
    fallbackOwner: Owner.optional(),
    /** After how long people are reminded of what is critical and that nobody has acknowledged. */
    escalateAfter: readable(
      (length) => length === 'off' || isWithin(minutesOf(length), { min: 15, max: 7 * 1440 }),
      'write a length of time from 15m to 7d, like 4h, or off',
    ).default('4h'),
    /** Who is notified then, besides those who were before. */
    escalateTo: z.array(Email).default([]),
    /**
     * A topic in the form that Amazon Q Developer in chat applications takes, and a Slack channel that
     * listens to it.
     */
    chat: z.strictObject({ slack: Slack.optional() }).optional(),
    /** Whether CloudWatch alarms watch Keyturn itself; false where something else does. */
    alarms: YesOrNo.default(true),
  })
  .refine(
    ({ routes, fallbackOwner }) =>
      fallbackOwner === undefined || routes.some(({ owner }) => owner === fallbackOwner),
    { path: ['fallbackOwner'], error: 'is wrong: name an owner that has a route' },
  );

export const Pager = z.strictObject({
  /** Name of the secret that holds the PagerDuty routing key as its whole text. */
  secretName: RoutingKeySecret,
  url: httpsUrl('https://events.pagerduty.com/v2/enqueue').default('https://events.pagerduty.com/v2/enqueue'),
});
