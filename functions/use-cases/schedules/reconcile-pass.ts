import * as z from 'zod';
import { LeakedAdmin } from '../../core/inventory/installation.ts';
import { tokenIdOf } from '../../core/basics/names.ts';
import { DAY, MINUTE } from '../../core/basics/time.ts';
import { INDEX_VERSION } from '../inventory/credential-index.ts';
import { reasonOf } from '../inventory/store.ts';
import type { ReconcilePorts, ReconcileLimits } from './reconcile-limits.ts';

/**
 * Secrets that cannot be inspected hold up a rebuild, and with it every revoke, no longer than this once each
 * of them was asked for.
 */
const REBUILD_PATIENCE = DAY;

/** Schedules are not exact. */
const SLACK = MINUTE;

const Counts = z.strictObject({
  registered: z.number(),
  sent: z.number(),
  wrong: z.number(),
  failed: z.number(),
  waiting: z.number(),
});

type Counts = z.output<typeof Counts>;

export type Outcome = 'known' | Exclude<keyof Counts, 'registered'>;

/** A pass over all secrets, from one run to the next. Lost, it begins anew. */
export const Pass = z.strictObject({
  /**
   * The rebuild it is part of. One of another rebuild, as in a table that was restored from a backup, is not
   * gone on with: it says nothing of this one.
   */
  since: z.number().optional(),
  startedAt: z.number(),
  /** The page it goes on with; undefined when it is over. */
  next: z.string().optional(),
  seen: Counts,
  /**
   * Leaks of admin credentials that it asks every token about, and those of which some token is not replaced.
   */
  leaked: z.array(LeakedAdmin).readonly(),
  behind: z.array(z.string()).readonly(),
  /** When the first pass of this rebuild began in which no secret had to wait. */
  askedSince: z.number().optional(),
  /**
   * Secrets that its records do not show as they are, and since when: the pass is complete once each of them
   * was inspected.
   */
  open: z
    .array(z.strictObject({ arn: z.string(), since: z.number() }))
    .readonly()
    .default([]),
  /** More secrets were open than a pass can note: it is never complete. */
  overflown: z.boolean().optional(),
  /** It was complete, and that is on record. */
  isNoted: z.boolean().optional(),
});

export type Pass = z.output<typeof Pass>;

/** So many open secrets are noted with a pass, whose note is one item of the table. */
export const MOST_OPEN = 1_000;

/**
 * A secret that was not inspected for so long, although each pass asked for it, keeps no pass from being
 * complete: what its last readable record names is held all the same.
 */
const OPEN_PATIENCE = DAY;

/**
 * A pass that went through all secrets is complete once none of them is open any more; then it is put on
 * record, under the index as it is now.
 */
export async function settled(pass: Pass, ports: ReconcilePorts): Promise<Pass> {
  if (pass.next !== undefined || pass.isNoted === true || pass.overflown === true) return pass;
  const open: Pass['open'][number][] = [];
  for (const one of pass.open) if (!(await isInspected(one, pass, ports))) open.push(one);
  if (open.length > 0) return { ...pass, open };
  await ports.inventory.notePass({ index: INDEX_VERSION, startedAt: pass.startedAt });
  return { ...pass, open, isNoted: true };
}

async function isInspected(
  { arn, since }: Pass['open'][number],
  { startedAt }: Pass,
  ports: ReconcilePorts,
): Promise<boolean> {
  if (ports.now() - since >= OPEN_PATIENCE) return true;
  try {
    const token = (await ports.inventory.load(tokenIdOf(arn)))?.token;
    return Math.max(token?.readAt ?? 0, token?.inspectedAt ?? 0) >= startedAt;
  } catch (error) {
    ports.log.error('a record could not be read', { secretArn: arn, reason: reasonOf(error) });
    return false;
  }
}

export async function passToGoOnWith(
  last: Pass | undefined,
  since: number | undefined,
  limits: ReconcileLimits,
  ports: ReconcilePorts,
): Promise<Pass | undefined> {
  const isSameRebuild = last?.since === since;
  if (last?.next !== undefined && isSameRebuild) return last;
  const mustWait =
    last !== undefined &&
    isSameRebuild &&
    last.seen.waiting === 0 &&
    ports.now() - last.startedAt < limits.every - SLACK;
  if (mustWait) return undefined;
  const leaked = (await ports.inventory.loadInstallationRecord()).installationRecord.leakedAdmins ?? [];
  const seen = { registered: 0, sent: 0, wrong: 0, failed: 0, waiting: 0 };
  return {
    since,
    startedAt: ports.now(),
    seen,
    leaked,
    behind: [],
    askedSince: isSameRebuild ? last?.askedSince : undefined,
    open: last?.open ?? [],
  };
}

/**
 * A whole pass found every secret inspected; or those that are not were asked for all this time, and none of
 * them still waits for its first inspection.
 */
export function isRebuilt(pass: Pass, now: number): boolean {
  if (pass.seen.waiting > 0 || pass.askedSince === undefined) return false;
  return pass.seen.sent + pass.seen.failed === 0 || now - pass.askedSince >= REBUILD_PATIENCE;
}
