import { isEnded } from '../core/ending.ts';
import { KeyturnError } from '../core/errors.ts';
import { tokenIdOf } from '../core/names.ts';
import type { Ports, SecretDescription } from '../core/ports.ts';
import { TAGS, type Registration } from '../core/tags.ts';
import { DAY, MINUTE } from '../core/time.ts';
import { questionToken, settleLeaks } from './admins.ts';
import { registered } from './registered.ts';
import { explain } from './enrol.ts';
import { reasonOf, type StorePorts } from './store.ts';

const COMMAND_LIFE = 50 * MINUTE;
/** Secrets that cannot be inspected hold up a rebuild, and with it every revoke, no longer than this. */
const REBUILD_PATIENCE = DAY;

export type ReconcilePorts = StorePorts & Pick<Ports, 'secrets' | 'commands' | 'installation' | 'policyDefaults'>;

export interface ReconcileReport {
  /** Secrets registered with this installation. */
  readonly registered: number;
  /** Those sent to be inspected: unknown so far, or not yet seen by the rebuild that is under way. */
  readonly sent: number;
  /** Those whose registration is wrong, each with a sentence in the log. */
  readonly wrong: number;
  /** Those that could not be looked at, each with a line in the log. */
  readonly failed: number;
  readonly complete: boolean;
}

/**
 * Goes through every registered secret and has those inspected that the inventory does not know. While the inventory is not known to be complete
 * (new, lost, or restored) every one is inspected, and nothing is revoked until all were. Never reads a value.
 */
export async function reconcile(ports: ReconcilePorts): Promise<ReconcileReport> {
  const since = (await ports.inventory.isComplete()) ? undefined : await ports.inventory.beginRebuild(ports.now());
  const leaked = (await ports.inventory.loadEstate()).estate.leakedAdmins ?? [];
  const behind = new Set<string>();
  let seen = { registered: 0, sent: 0, wrong: 0, failed: 0 };
  for await (const secretArn of ports.secrets.list(ports.installation.name)) {
    const outcome = await noticeSafely(secretArn, since, ports);
    const admin = leaked.length === 0 ? undefined : await questionToken(secretArn, leaked, ports);
    if (admin !== undefined) behind.add(admin);
    seen = { ...seen, registered: seen.registered + 1, ...(outcome === 'known' ? {} : { [outcome]: seen[outcome] + 1 }) };
  }
  await settleLeaks(leaked, behind, ports);
  const isDone = since !== undefined && (seen.sent + seen.failed === 0 || ports.now() - since >= REBUILD_PATIENCE);
  if (isDone) await ports.inventory.completeRebuild();
  return { ...seen, complete: since === undefined || isDone };
}

/** Has one secret inspected, for an event that names it; a secret that is not registered here is none of Keyturn's. */
export async function noticeSecret(secretArn: string, ports: ReconcilePorts): Promise<void> {
  const secret = await ports.secrets.describe(secretArn);
  if (secret.tags.get(TAGS.installation) !== ports.installation.name) return;
  const registration = registrationIn(secret, ports);
  if (registration instanceof KeyturnError) await explain(secret, registration, ports);
  else await send(secretArn, registration.provider, ports);
}

/** One secret that cannot be looked at must not keep the others from being managed. */
async function noticeSafely(secretArn: string, since: number | undefined, ports: ReconcilePorts): Promise<'known' | 'sent' | 'wrong' | 'failed'> {
  try {
    return await notice(secretArn, since, ports);
  } catch (error) {
    if (error instanceof KeyturnError && error.code === 'not-found') return 'known';
    ports.log.error('a secret could not be reconciled', { secretArn, reason: reasonOf(error) });
    return 'failed';
  }
}

async function notice(secretArn: string, since: number | undefined, ports: ReconcilePorts): Promise<'known' | 'sent' | 'wrong'> {
  const loaded = await ports.inventory.load(tokenIdOf(secretArn));
  // What was detached and is listed is registered again.
  const isManaged = loaded && loaded.token.detachedAt === undefined && ports.descriptor(loaded.token.provider) !== undefined;
  const isKnown = since === undefined ? loaded?.token.unusable === undefined : (loaded?.token.inspectedAt ?? 0) >= since;
  if (isManaged && isKnown) return 'known';
  // What a person ended comes back when somebody switches its rotation on again.
  if (loaded && isEnded(loaded.token) && !(await ports.secrets.describe(secretArn)).rotationEnabled) return 'known';
  if (isManaged) return send(secretArn, loaded.token.provider, ports);
  const secret = await ports.secrets.describe(secretArn);
  const registration = registrationIn(secret, ports);
  if (!(registration instanceof KeyturnError)) return send(secretArn, registration.provider, ports);
  await explain(secret, registration, ports);
  return 'wrong';
}

async function send(secretArn: string, provider: string, ports: ReconcilePorts): Promise<'sent'> {
  await ports.commands.send(provider, [{ kind: 'inspect', tokenId: tokenIdOf(secretArn), secretArn, notAfter: ports.now() + COMMAND_LIFE }]);
  return 'sent';
}

function registrationIn(secret: SecretDescription, ports: ReconcilePorts): Registration | KeyturnError {
  try {
    return registered(secret, ports);
  } catch (error) {
    if (error instanceof KeyturnError) return error;
    throw error;
  }
}
