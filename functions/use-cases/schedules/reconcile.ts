import * as z from 'zod';
import type { Command } from '../../core/commands/commands.ts';
import { isEnded } from '../../core/token/retirement.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { LeakedAdmin } from '../../core/inventory/installation.ts';
import { InspectionLines } from '../../core/rotation/inspections.ts';
import { tokenIdOf } from '../../core/basics/names.ts';
import { differsFrom, labelsDigest } from '../../core/inventory/label-digest.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { ListedSecretVersions, SecretDescription } from '../../core/ports/secret-store.ts';
import type { Registration } from '../../core/policy/read-tags.ts';
import type { Token } from '../../core/token/token.ts';
import { DAY, MINUTE, SECOND, type Millis } from '../../core/basics/time.ts';
import { questionToken, settleLeaks } from './admin-credentials.ts';
import { INDEX_VERSION } from '../inventory/credential-index.ts';
import { inParallel } from '../commands/in-parallel.ts';
import { Outgoing } from '../commands/outgoing.ts';
import { registered } from '../inventory/registration.ts';
import { explain } from '../rotation/enroll.ts';
import { reasonOf, type StorePorts } from '../inventory/store.ts';
import { withLease, type Lease, type LeasePorts } from '../inventory/lease.ts';

const COMMAND_LIFE = 50 * MINUTE;
/** Secrets that cannot be inspected hold up a rebuild, and with it every revoke, no longer than this once each of them was asked for. */
const REBUILD_PATIENCE = DAY;
/** Secrets looked at at once. */
const WIDTH = 8;
/** What is kept back of the invocation's time. */
const RESERVE = 30 * SECOND;
/** Schedules are not exact. */
const SLACK = MINUTE;

export type ReconcilePorts = StorePorts &
  LeasePorts &
  Pick<Ports, 'secrets' | 'commands' | 'installation' | 'policyDefaults'>;

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

const Counts = z.strictObject({
  registered: z.number(),
  sent: z.number(),
  wrong: z.number(),
  failed: z.number(),
  waiting: z.number(),
});
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
  /** Secrets that its records do not show as they are, and since when: the pass is complete once each of them was inspected. */
  open: z
    .array(z.strictObject({ arn: z.string(), since: z.number() }))
    .readonly()
    .default([]),
  /** More secrets were open than a pass can note: it is never complete. */
  overflown: z.boolean().optional(),
  /** It was complete, and that is on record. */
  isNoted: z.boolean().optional(),
});
type Pass = z.output<typeof Pass>;

/** So many open secrets are noted with a pass, whose note is one item of the table. */
const MOST_OPEN = 1_000;
/** A secret that was not inspected for so long, although each pass asked for it, keeps no pass from being complete: what its last readable record names is held all the same. */
const OPEN_PATIENCE = DAY;

/**
 * Goes through every registered secret and has those inspected that the inventory does not know, or knows otherwise. While the inventory is not known to be complete
 * (new, lost, or restored) every one is inspected, and nothing is revoked until a whole pass found that all were. Never reads a value.
 * A pass may take several runs. Resolves to undefined when another run is at work, or no pass is due.
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

/** A pass that went through all secrets is complete once none of them is open any more; then it is put on record, under the index as it is now. */
async function settled(pass: Pass, ports: ReconcilePorts): Promise<Pass> {
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

async function passToGoOnWith(
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

/** A whole pass found every secret inspected; or those that are not were asked for all this time, and none of them still waits for its first inspection. */
function isRebuilt(pass: Pass, now: number): boolean {
  if (pass.seen.waiting > 0 || pass.askedSince === undefined) return false;
  return pass.seen.sent + pass.seen.failed === 0 || now - pass.askedSince >= REBUILD_PATIENCE;
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

/** Has one secret inspected, for an event that names it; a secret that is not registered here is none of Keyturn's. */
export async function noticeSecret(secretArn: string, ports: ReconcilePorts): Promise<void> {
  const secret = await ports.secrets.describe(secretArn);
  const registration = registrationIn(secret, ports);
  if (registration instanceof KeyturnError) await explain(secret, registration, ports);
  else await ports.commands.send(registration.provider, [inspection(secretArn, ports)]);
}

/** One secret that cannot be looked at must not keep the others from being managed. */
async function noticeSafely(
  secret: ListedSecretVersions,
  since: number | undefined,
  outgoing: Outgoing,
  ports: ReconcilePorts,
): Promise<Outcome> {
  try {
    return await notice(secret, since, outgoing, ports);
  } catch (error) {
    if (error instanceof KeyturnError && error.code === 'not-found') return 'known';
    ports.log.error('a secret could not be reconciled', { secretArn: secret.arn, reason: reasonOf(error) });
    return 'failed';
  }
}

async function notice(
  { arn: secretArn, versions }: ListedSecretVersions,
  since: number | undefined,
  outgoing: Outgoing,
  ports: ReconcilePorts,
): Promise<Outcome> {
  const loaded = await ports.inventory.load(tokenIdOf(secretArn));
  // What was detached and is listed is registered again.
  const isManaged =
    loaded && loaded.token.detachedAt === undefined && ports.descriptor(loaded.token.provider) !== undefined;
  const isKnown =
    since === undefined ? loaded?.token.unusable === undefined : (loaded?.token.inspectedAt ?? 0) >= since;
  if (isManaged && isKnown && loaded.token.indexed === INDEX_VERSION && !isNews(loaded.token, versions))
    return 'known';
  // What a person ended comes back when somebody switches its rotation on again.
  if (loaded && isEnded(loaded.token) && !(await ports.secrets.describe(secretArn)).rotationEnabled)
    return 'known';
  if (isManaged) return send(secretArn, loaded.token.provider, outgoing, ports);
  const secret = await ports.secrets.describe(secretArn);
  const registration = registrationIn(secret, ports);
  if (!(registration instanceof KeyturnError)) return send(secretArn, registration.provider, outgoing, ports);
  await explain(secret, registration, ports);
  return 'wrong';
}

/** What a record does not show, unless it was inspected with just these labels. */
function isNews(token: Token, versions: ListedSecretVersions['versions']): boolean {
  return differsFrom(token, versions) && token.labels !== labelsDigest(versions);
}

async function send(
  secretArn: string,
  provider: string,
  outgoing: Outgoing,
  ports: ReconcilePorts,
): Promise<Outcome> {
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
