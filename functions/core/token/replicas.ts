import * as z from 'zod';
import type { PendingConsumer } from '../consumers/consumer-state.ts';
import type { Instant } from '../basics/time.ts';
import { kept } from '../basics/record.ts';

/**
 * A copy of a secret in another Region, as DescribeSecret shows it: `Status` is `InSync`, `InProgress` or
 * `Failed` (Secrets Manager API Reference, "ReplicationStatusType").
 */
export interface ReplicaState {
  readonly region: string;
  readonly status: string;
  /** What AWS says of it, such as that the key of the copy is disabled. */
  readonly message?: string;
}

/** A copy that the record knows. */
export const Replica = kept({
  region: z.string(),
  /** As AWS says it; `Removed` for one that DescribeSecret does not show any more. */
  status: z.string(),
  message: z.string().optional(),
  /** Since when it has this status. */
  since: z.number(),
  /** A person said that nothing has to wait for it as it is. */
  accepted: kept({ at: z.number(), by: z.string() }).optional(),
});
export type Replica = z.infer<typeof Replica>;

const IN_SYNC = 'InSync';
const REMOVED = 'Removed';

/**
 * The copies as they are now: one that was known and is not shown is taken for removed, never for one that
 * never was.
 */
export function replicasNow(
  known: readonly Replica[],
  shown: readonly ReplicaState[],
  now: Instant,
): Replica[] {
  const removed = known
    .filter((one) => !shown.some((other) => other.region === one.region))
    .map((one): ReplicaState => ({ region: one.region, status: REMOVED }));
  return [...shown, ...removed].map((state) => {
    const before = known.find((one) => one.region === state.region);
    if (before?.status !== state.status) return { ...state, since: now };
    return before.message === state.message ? before : { ...before, message: state.message };
  });
}

/**
 * Copies as two who noted them say, the first of whom is believed: what only the second knows counts too, and
 * of two dates the later. Only the second keeps what was accepted, which the first has to bear out.
 */
export function replicasOfBoth(believed: readonly Replica[], other: readonly Replica[]): Replica[] {
  const both = believed.map(({ accepted: _accepted, ...one }) => {
    const same = other.find(({ region }) => region === one.region);
    return same
      ? { ...one, since: Math.max(one.since, same.since), ...(same.accepted && { accepted: same.accepted }) }
      : one;
  });
  return [...both, ...other.filter((one) => !believed.some(({ region }) => region === one.region))];
}

/**
 * Copies that hold what should be revoked: they do not have the current version, and no person accepted that.
 */
export function heldBy(replicas: readonly Replica[]): Replica[] {
  return replicas.filter((one) => one.status !== IN_SYNC && one.accepted === undefined);
}

/** What a finding and a person's acceptance name a copy by. */
export function replicaSubject(region: string): string {
  return `replica/${region}`;
}

/** What is wrong with a copy, without a stop. */
export function replicaText({
  region,
  status,
  message,
}: Pick<Replica, 'region' | 'status' | 'message'>): string {
  if (status === REMOVED) return `The replica in ${region} is gone`;
  const why = message === undefined ? status : `${status}: ${message.replace(/\.$/, '')}`;
  return `The replica in ${region} has not got the current version (${why})`;
}

export function replicaPendingConsumers(replicas: readonly Replica[]): PendingConsumer[] {
  return replicas.map((one) => ({
    who: replicaSubject(one.region),
    why: replicaText(one),
    since: one.since,
  }));
}
