import type { Command } from '../../core/commands/commands.ts';
import { isEnded } from '../../core/token/retirement.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { tokenIdOf } from '../../core/basics/names.ts';
import { differsFrom, labelsDigest } from '../../core/inventory/label-digest.ts';
import type { ListedSecretVersions, SecretDescription } from '../../core/ports/secret-store.ts';
import type { Registration } from '../../core/policy/read-tags.ts';
import type { Token } from '../../core/token/token.ts';
import { MINUTE } from '../../core/basics/time.ts';
import { INDEX_VERSION } from '../inventory/credential-index.ts';
import type { Outgoing } from '../commands/outgoing.ts';
import { registered } from '../inventory/registration.ts';
import { explain } from '../rotation/enroll.ts';
import { reasonOf } from '../inventory/store.ts';
import type { ReconcilePorts } from './reconcile-limits.ts';
import type { Outcome } from './reconcile-pass.ts';

const COMMAND_LIFE = 50 * MINUTE;

/**
 * Has one secret inspected, for an event that names it; a secret that is not registered here is none of
 * Keyturn's.
 */
export async function noticeSecret(secretArn: string, ports: ReconcilePorts): Promise<void> {
  const secret = await ports.secrets.describe(secretArn);
  const registration = registrationIn(secret, ports);
  if (registration instanceof KeyturnError) await explain(secret, registration, ports);
  else await ports.commands.send(registration.provider, [inspection(secretArn, ports)]);
}

/** One secret that cannot be looked at must not keep the others from being managed. */
export async function noticeSafely(
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
