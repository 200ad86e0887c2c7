import * as z from 'zod';
import { MaybeText, Texts } from './basics.ts';
import { RequestJson } from './requests.ts';

/** A subscription to alerts, and what came of a test there. */
const Channel = z.strictObject({
  endpoint: z.string(),
  protocol: z.string(),
  state: z.enum(['published', 'accepted', 'passed-on', 'pending', 'unconfirmed']).meta({
    description:
      'published to the topic; accepted by PagerDuty; passed on to the topic of the chat room; not ' +
      'yet; or not confirmed, so it gets nothing',
  }),
});
export type ChannelJson = z.input<typeof Channel>;

/** What `keyturn alerts test` prints. */
export const AlertsTestJson = RequestJson.extend({ channels: z.array(Channel).readonly() });
export type AlertsTestJson = z.input<typeof AlertsTestJson>;

/** What `keyturn alerts list` prints. */
export const SubscriptionsJson = z.strictObject({
  subscriptions: z
    .array(
      z.strictObject({
        topic: z.string(),
        protocol: z.string(),
        endpoint: z.string(),
        state: z.enum(['kept', 'anybody', 'waiting', 'gone']),
      }),
    )
    .readonly(),
  findings: Texts.meta({ description: 'what the last pass of reconcile found beside them' }),
});
export type SubscriptionsJson = z.input<typeof SubscriptionsJson>;

/** What `keyturn alerts confirm` prints. */
export const ConfirmedJson = z.strictObject({
  endpoint: z.string(),
  authenticated: z.boolean().meta({ description: 'whether only signed requests can unsubscribe it' }),
});
export type ConfirmedJson = z.input<typeof ConfirmedJson>;

/** What `keyturn doctor` prints. */
export const DoctorJson = z.strictObject({
  checks: z
    .array(
      z.strictObject({
        name: z.string(),
        state: z.enum(['ok', 'problem', 'unknown', 'off']),
        detail: z.string(),
      }),
    )
    .readonly(),
});
export type DoctorJson = z.input<typeof DoctorJson>;

/** What `keyturn redrive` prints. */
export const RedriveJson = z.strictObject({
  queues: z
    .array(
      z.strictObject({
        name: z.string(),
        messages: z.number().meta({ description: 'about as many as waited' }),
        moved: z.number(),
        left: z.number(),
        problem: MaybeText.meta({
          description: 'why some are left; null where none are, or nothing was to be moved',
        }),
      }),
    )
    .readonly(),
});
export type RedriveJson = z.input<typeof RedriveJson>;
