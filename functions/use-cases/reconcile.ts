import * as z from 'zod';
import type { Command } from '../core/commands.ts';
import { isEnded } from '../core/ending.ts';
import { KeyturnError } from '../core/errors.ts';
import { LeakedAdmin } from '../core/estate.ts';
import { InspectionLines } from '../core/inspections.ts';
import { tokenIdOf } from '../core/names.ts';
import type { Ports, SecretDescription } from '../core/ports.ts';
import { TAGS, type Registration } from '../core/tags.ts';
import { DAY, MINUTE, SECOND, type Millis } from '../core/time.ts';
import { questionToken, settleLeaks } from './admins.ts';
import { inParallel } from './in-parallel.ts';
import { Outgoing } from './outgoing.ts';
import { registered } from './registered.ts';
import { explain } from './enrol.ts';
import { reasonOf, type StorePorts } from './store.ts';
import { inTurn, type Turn, type TurnPorts } from './turn.ts';

const COMMAND_LIFE = 50 * MINUTE;
/** Secrets that cannot be inspected hold up a rebuild, and with it every revoke, no longer than this once each of them was asked for. */
const REBUILD_PATIENCE = DAY;
/** Secrets looked at at once. */
const WIDTH = 8;
/** What is kept back of the invocation's time. */
const RESERVE = 30 * SECOND;
/** Schedules are not exact. */
const SLACK = MINUTE;

export type ReconcilePorts = StorePorts & TurnPorts & Pick<Ports, 'secrets' | 'commands' | 'installation' | 'policyDefaults'>;

export interface ReconcileLimits {
  /** A new pass begins so long after the one before it began; one that is not over goes on at every run. */
  readonly every: Millis;
  readonly inspectionsPerMinute: (provider: string) => number;
}

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

const Counts = z.strictObject({ registered: z.number(), sent: z.number(), wrong: z.number(), failed: z.number(), waiting: z.number() });
type Counts = z.output<typeof Counts>;
type Outcome = 'known' | Exclude<keyof Counts, 'registered'>;

/** A pass over all secrets, from one run to the next. Lost, it begins anew. */
const Pass = z.strictObject({
  /** The rebuild it is part of. One of another rebuild, as in a table that was restored, is not gone on with: it says nothing of this one. */
  since: z.number().optional(),
  startedAt: z.number(),
  /** The page it goes on with; undefined when it is over. */
  next: z.string().optional(),
  seen: Counts,
  /** Leaks of admin credentials that it asks every token about, and those of which some token is not replaced. */
  leaked: z.array(LeakedAdmin).readonly(),
  behind: z.array(z.string()).readonly(),
  /** When the first pass of this rebuild began in which no secret had to wait. */
  askedSince: z.number().optional(),
});
type Pass = z.output<typeof Pass>;

/**
 * Goes through every registered secret and has those inspected that the inventory does not know. While the inventory is not known to be complete
 * (new, lost, or restored) every one is inspected, and nothing is revoked until a whole pass found that all were. Never reads a value.
 * A pass may take several runs. Resolves to undefined when another run is at work, or no pass is due.
 */
export function reconcile(limits: ReconcileLimits, ports: ReconcilePorts): Promise<ReconcileReport | undefined> {
  return inTurn<ReconcileReport | undefined>('reconcile', ports, async (turn) => {
    const since = (await ports.inventory.isComplete()) ? undefined : await ports.inventory.beginRebuild(ports.now());
    const last = Pass.safeParse(turn.note).data;
    const pass = await passToGoOnWith(last, since, limits, ports);
    if (!pass) return { result: undefined, note: last };
    const done = await goThrough(pass, limits, turn, ports);
    if (done.next !== undefined) return { result: { ...done.seen, ended: false, complete: since === undefined }, note: done };
    const ended = done.seen.waiting === 0 ? { ...done, askedSince: done.askedSince ?? done.startedAt } : done;
    await settleLeaks(ended.leaked, new Set(ended.behind), ports);
    const isDone = since !== undefined && isRebuilt(ended, ports.now());
    if (isDone) await ports.inventory.completeRebuild();
    return { result: { ...ended.seen, ended: true, complete: since === undefined || isDone }, note: ended };
  });
}

async function passToGoOnWith(last: Pass | undefined, since: number | undefined, limits: ReconcileLimits, ports: ReconcilePorts): Promise<Pass | undefined> {
  const isSameRebuild = last?.since === since;
  if (last?.next !== undefined && isSameRebuild) return last;
  const mustWait = last !== undefined && isSameRebuild && last.seen.waiting === 0 && ports.now() - last.startedAt < limits.every - SLACK;
  if (mustWait) return undefined;
  const leaked = (await ports.inventory.loadEstate()).estate.leakedAdmins ?? [];
  const seen = { registered: 0, sent: 0, wrong: 0, failed: 0, waiting: 0 };
  return { since, startedAt: ports.now(), seen, leaked, behind: [], askedSince: isSameRebuild ? last?.askedSince : undefined };
}

/** A whole pass found every secret inspected; or those that are not were asked for all this time, and none of them still waits for its first turn. */
function isRebuilt(pass: Pass, now: number): boolean {
  if (pass.seen.waiting > 0 || pass.askedSince === undefined) return false;
  return pass.seen.sent + pass.seen.failed === 0 || now - pass.askedSince >= REBUILD_PATIENCE;
}

/** Page by page, as long as there is time; where it is goes on record after each. */
async function goThrough(from: Pass, limits: ReconcileLimits, turn: Turn, ports: ReconcilePorts): Promise<Pass> {
  const outgoing = new Outgoing(new InspectionLines(ports.now(), limits.inspectionsPerMinute), ports);
  let pass = from;
  try {
    for await (const { arns, next } of ports.secrets.list(ports.installation.name, from.next)) {
      pass = { ...(await lookThrough(arns, pass, outgoing, ports)), next };
      if (next === undefined || ports.timeLeft() < RESERVE) break;
      await turn.keep(pass);
    }
  } catch (error) {
    // How long the name of a page is good for is not documented: a pass that cannot go on begins anew.
    if (pass === from && from.next !== undefined) await turn.keep(undefined);
    throw error;
  }
  return pass;
}

async function lookThrough(arns: readonly string[], pass: Pass, outgoing: Outgoing, ports: ReconcilePorts): Promise<Pass> {
  const seen = { ...pass.seen, registered: pass.seen.registered + arns.length };
  const behind = new Set(pass.behind);
  const unsent = outgoing.failed;
  await inParallel(each(arns), WIDTH, () => true, async (secretArn) => {
    const outcome = await noticeSafely(secretArn, pass.since, outgoing, ports);
    if (outcome !== 'known') seen[outcome]++;
    const admin = pass.leaked.length === 0 ? undefined : await questionToken(secretArn, pass.leaked, ports);
    if (admin !== undefined) behind.add(admin);
  });
  await outgoing.flush();
  const lost = outgoing.failed - unsent;
  return { ...pass, seen: { ...seen, sent: seen.sent - lost, failed: seen.failed + lost }, behind: [...behind] };
}

async function* each<T>(items: readonly T[]): AsyncIterable<T> {
  yield* items;
}

/** Has one secret inspected, for an event that names it; a secret that is not registered here is none of Keyturn's. */
export async function noticeSecret(secretArn: string, ports: ReconcilePorts): Promise<void> {
  const secret = await ports.secrets.describe(secretArn);
  if (secret.tags.get(TAGS.installation) !== ports.installation.name) return;
  const registration = registrationIn(secret, ports);
  if (registration instanceof KeyturnError) await explain(secret, registration, ports);
  else await ports.commands.send(registration.provider, [inspection(secretArn, ports)]);
}

/** One secret that cannot be looked at must not keep the others from being managed. */
async function noticeSafely(secretArn: string, since: number | undefined, outgoing: Outgoing, ports: ReconcilePorts): Promise<Outcome> {
  try {
    return await notice(secretArn, since, outgoing, ports);
  } catch (error) {
    if (error instanceof KeyturnError && error.code === 'not-found') return 'known';
    ports.log.error('a secret could not be reconciled', { secretArn, reason: reasonOf(error) });
    return 'failed';
  }
}

async function notice(secretArn: string, since: number | undefined, outgoing: Outgoing, ports: ReconcilePorts): Promise<Outcome> {
  const loaded = await ports.inventory.load(tokenIdOf(secretArn));
  // What was detached and is listed is registered again.
  const isManaged = loaded && loaded.token.detachedAt === undefined && ports.descriptor(loaded.token.provider) !== undefined;
  const isKnown = since === undefined ? loaded?.token.unusable === undefined : (loaded?.token.inspectedAt ?? 0) >= since;
  if (isManaged && isKnown) return 'known';
  // What a person ended comes back when somebody switches its rotation on again.
  if (loaded && isEnded(loaded.token) && !(await ports.secrets.describe(secretArn)).rotationEnabled) return 'known';
  if (isManaged) return send(secretArn, loaded.token.provider, outgoing, ports);
  const secret = await ports.secrets.describe(secretArn);
  const registration = registrationIn(secret, ports);
  if (!(registration instanceof KeyturnError)) return send(secretArn, registration.provider, outgoing, ports);
  await explain(secret, registration, ports);
  return 'wrong';
}

async function send(secretArn: string, provider: string, outgoing: Outgoing, ports: ReconcilePorts): Promise<Outcome> {
  const line = outgoing.lines.of(provider);
  if (!line.hasRoom) return 'waiting';
  await outgoing.inspect(provider, inspection(secretArn, ports), line.take());
  return 'sent';
}

function inspection(secretArn: string, ports: ReconcilePorts): Command {
  return { kind: 'inspect', tokenId: tokenIdOf(secretArn), secretArn, notAfter: ports.now() + COMMAND_LIFE };
}

function registrationIn(secret: SecretDescription, ports: ReconcilePorts): Registration | KeyturnError {
  try {
    return registered(secret, ports);
  } catch (error) {
    if (error instanceof KeyturnError) return error;
    throw error;
  }
}
