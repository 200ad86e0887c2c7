import * as z from 'zod';
import type { Observation } from '../findings/findings.ts';
import { kept } from '../basics/record.ts';
import { DAY, HOUR, formatInstant, type Instant } from '../basics/time.ts';

/**
 * What goes the way of a finding once a day and is about nothing: that it arrives shows that a finding would.
 */
export const Canary = kept({ type: z.literal('canary'), id: z.string(), at: z.number() });
export type Canary = z.infer<typeof Canary>;

/** The canary that was sent last. Lost, another one is sent. */
export const CanaryWatch = kept({
  id: z.string(),
  sentAt: z.number(),
  /** How many were sent since one arrived. */
  tries: z.number().int().positive(),
  arrivedAt: z.number().optional(),
  /** When one arrived before this one. */
  provenAt: z.number().optional(),
});
export type CanaryWatch = z.infer<typeof CanaryWatch>;

interface Watching {
  readonly canary?: CanaryWatch | undefined;
}

/** By which the finding about it is told from those about subscriptions, which are of the same kind. */
export const CANARY_SUBJECT = 'canary';

const EVERY = DAY;
/**
 * Usually it takes seconds. The queue of the alert function tries again every six minutes, so a failure that
 * passes is over by then.
 */
const ARRIVES_WITHIN = HOUR;
/** So many may get lost before it is told. */
const MAY_BE_LOST = 2;

/** Whether it is time for another one: a day after one that arrived, an hour after one that did not. */
export function isCanaryDue({ canary }: Watching, now: Instant): boolean {
  if (canary === undefined) return true;
  return now - canary.sentAt >= (canary.arrivedAt === undefined ? ARRIVES_WITHIN : EVERY);
}

/** Another one is on its way. */
export function canarySent<T extends Watching>(record: T, id: string, now: Instant): T {
  const { canary } = record;
  const isProven = canary === undefined || canary.arrivedAt !== undefined;
  return {
    ...record,
    canary: {
      id,
      sentAt: now,
      tries: isProven ? 1 : canary.tries + 1,
      provenAt: canary?.arrivedAt ?? canary?.provenAt,
    },
  };
}

/** One arrived. Any other than the last says nothing: what was sent before may have waited for days. */
export function canaryArrived<T extends Watching>(record: T, id: string, now: Instant): T {
  const { canary } = record;
  if (canary?.id !== id || canary.arrivedAt !== undefined) return record;
  return { ...record, canary: { ...canary, arrivedAt: now } };
}

/** What is wrong where as many got lost as may not. */
export function canaryLost({ canary }: Watching): Observation | undefined {
  if (canary === undefined || canary.arrivedAt !== undefined || canary.tries <= MAY_BE_LOST) return undefined;
  const last =
    canary.provenAt === undefined
      ? 'none has ever arrived'
      : `the last one arrived at ${formatInstant(canary.provenAt)}`;
  return {
    kind: 'alert-subscription-unhealthy',
    subject: CANARY_SUBJECT,
    severity: 'critical',
    detail:
      'Findings may reach no person. Canaries take their path, by bus, rule, queue, alert function and a ' +
      `topic, and ${last}.`,
  };
}
