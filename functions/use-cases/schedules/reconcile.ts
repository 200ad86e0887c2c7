import { InspectionLines } from '../../core/rotation/inspections.ts';
import type { ListedSecretVersions } from '../../core/ports/secret-store.ts';
import { SECOND } from '../../core/basics/time.ts';
import { questionToken, settleLeaks } from './admin-credentials.ts';
import { inParallel } from '../commands/in-parallel.ts';
import { Outgoing } from '../commands/outgoing.ts';
import { withLease, type Lease } from '../inventory/lease.ts';
import { Pass, MOST_OPEN, settled, passToGoOnWith, isRebuilt } from './reconcile-pass.ts';
import { noticeSafely } from './notice-secret.ts';
import type { ReconcilePorts, ReconcileLimits } from './reconcile-limits.ts';

/** Secrets looked at at once. */
const WIDTH = 8;

/** What is kept back of the invocation's time. */
const RESERVE = 30 * SECOND;

export interface ReconcileReport {
  /** Secrets registered with this installation. */
  readonly registered: number;
  /** Those sent to be inspected: unknown so far, or not yet seen by the rebuild that is under way. */
  readonly sent: number;
  /** Those whose registration is wrong, each with a sentence in the log. */
  readonly wrong: number;
  /** Those that could not be looked at, each with a line in the log. */
  readonly failed: number;
  /** Those to be inspected by a later pass: their issuer bears no more now. */
  readonly waiting: number;
  /** Whether the pass went through every secret; the numbers are those of the whole pass so far. */
  readonly ended: boolean;
  readonly complete: boolean;
}

/**
 * Goes through every registered secret and has those inspected that the inventory does not know, or knows
 * otherwise. While the inventory is not known to be complete (new, lost, or restored) every one is inspected,
 * and nothing is revoked until a whole pass found that all were. Never reads a value. A pass may take several
 * runs. Resolves to undefined when another run is at work, or no pass is due.
 */
export function reconcile(
  limits: ReconcileLimits,
  ports: ReconcilePorts,
): Promise<ReconcileReport | undefined> {
  return withLease<ReconcileReport | undefined>('reconcile', ports, async (lease) => {
    const since = (await ports.inventory.isComplete())
      ? undefined
      : await ports.inventory.beginRebuild(ports.now());
    const noted = Pass.safeParse(lease.note).data;
    const last = noted && (await settled(noted, ports));
    const pass = await passToGoOnWith(last, since, limits, ports);
    if (!pass) return { result: undefined, note: last };
    const done = await goThrough(pass, limits, lease, ports);
    if (done.next !== undefined)
      return { result: { ...done.seen, ended: false, complete: since === undefined }, note: done };
    const ended = await settled(
      done.seen.waiting === 0 ? { ...done, askedSince: done.askedSince ?? done.startedAt } : done,
      ports,
    );
    await settleLeaks(ended.leaked, new Set(ended.behind), ports);
    const isDone = since !== undefined && isRebuilt(ended, ports.now());
    if (isDone) await ports.inventory.completeRebuild();
    return { result: { ...ended.seen, ended: true, complete: since === undefined || isDone }, note: ended };
  });
}

/** Page by page, as long as there is time; where it is goes on record after each. */
async function goThrough(
  from: Pass,
  limits: ReconcileLimits,
  lease: Lease,
  ports: ReconcilePorts,
): Promise<Pass> {
  const outgoing = new Outgoing(new InspectionLines(ports.now(), limits.inspectionsPerMinute), ports);
  let pass = from;
  try {
    for await (const { secrets, next } of ports.secrets.list(ports.installation.name, from.next)) {
      pass = { ...(await lookThrough(secrets, pass, outgoing, ports)), next };
      if (next === undefined || ports.timeLeft() < RESERVE) break;
      await lease.keep(pass);
    }
  } catch (error) {
    // How long the name of a page is good for is not documented: a pass that cannot go on begins anew.
    if (pass === from && from.next !== undefined) await lease.keep(undefined);
    throw error;
  }
  return pass;
}

async function lookThrough(
  secrets: readonly ListedSecretVersions[],
  pass: Pass,
  outgoing: Outgoing,
  ports: ReconcilePorts,
): Promise<Pass> {
  const seen = { ...pass.seen, registered: pass.seen.registered + secrets.length };
  const behind = new Set(pass.behind);
  const open = new Map(pass.open.map((one) => [one.arn, one.since]));
  const unsent = outgoing.failed;
  await inParallel(
    each(secrets),
    WIDTH,
    () => true,
    async (secret) => {
      const outcome = await noticeSafely(secret, pass.since, outgoing, ports);
      if (outcome !== 'known') seen[outcome]++;
      if (outcome === 'known' || outcome === 'wrong') open.delete(secret.arn);
      else open.set(secret.arn, open.get(secret.arn) ?? ports.now());
      const admin =
        pass.leaked.length === 0 ? undefined : await questionToken(secret.arn, pass.leaked, ports);
      if (admin !== undefined) behind.add(admin);
    },
  );
  await outgoing.flush();
  const lost = outgoing.failed - unsent;
  const isOverflown = open.size > MOST_OPEN;
  return {
    ...pass,
    seen: { ...seen, sent: seen.sent - lost, failed: seen.failed + lost },
    behind: [...behind],
    open: [...open].slice(0, MOST_OPEN).map(([arn, since]) => ({ arn, since })),
    ...(isOverflown && { overflown: true }),
  };
}

async function* each<T>(items: readonly T[]): AsyncIterable<T> {
  yield* items;
}
