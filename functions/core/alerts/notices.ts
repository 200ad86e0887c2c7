import * as z from 'zod';
import { FindingFact } from '../findings/events.ts';
import { kept } from '../basics/record.ts';

const Some = z.array(FindingFact).max(40).readonly();
const Count = z.number().int().nonnegative();

/** What was found and could wait, for one owner, in one message; of very many findings the first. */
export const Digest = kept({
  type: z.literal('digest'),
  id: z.string(),
  at: z.number(),
  owner: z.string(),
  /** Findings that are open; the worst first. */
  open: Some,
  /** Findings that were told before and are over. */
  over: Some,
  /** Findings that opened and were over before anybody was told. */
  passed: Some,
  counts: kept({ open: Count, over: Count, passed: Count }),
});
export type Digest = z.infer<typeof Digest>;

/** A critical finding that is still open and not acknowledged. */
export const Reminder = kept({
  type: z.literal('reminder'),
  id: z.string(),
  at: z.number(),
  /** Counts from 1. */
  step: z.number().int().positive(),
  finding: FindingFact,
});
export type Reminder = z.infer<typeof Reminder>;

/** Which installation tells: two may be named alike, in two accounts or Regions. */
const From = { installation: kept({ account: z.string(), region: z.string(), name: z.string() }).optional() };

/**
 * Whatever goes over the topic for alerts, as machines get it; on the topic it says which installation tells.
 */
export const Notice = z.discriminatedUnion('type', [
  FindingFact.extend(From),
  Digest.extend(From),
  Reminder.extend(From),
]);
export type Notice = z.infer<typeof Notice>;

/** Findings that wait for their digest, and critical ones that wait for a person. */
export type WaitingList = 'digest' | 'reminder';

/** A finding that waits: its latest step, and which was the first step that waits with it. */
export const Waiting = kept({
  key: z.string(),
  /** When something about it is to be reported. */
  dueAt: z.number(),
  first: FindingFact.pick({ sequence: true, change: true }),
  finding: FindingFact,
  /** Reminders sent. */
  steps: z.number().int().nonnegative(),
});
export type Waiting = z.infer<typeof Waiting>;

/** Tells one state of an entry from another. */
export function revisionOf({ finding, steps }: Waiting): string {
  return `${finding.sequence}/${steps}`;
}
