/** Delivers the current value of a token to the consumers that still need it. */
import type { DeliverCommand } from '../../core/commands/commands.ts';
import {
  consumerOf,
  pendingDeliveryAt,
  pendingDeliveryOf,
  withConsumer,
  type PendingDelivery,
} from '../../core/delivery/deliveries.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { adminSecretOf, secretNameOf } from '../../core/basics/names.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import type { Token } from '../../core/token/token.ts';
import { MINUTE } from '../../core/basics/time.ts';
import { registered, versionWith } from '../inventory/registration.ts';
import { change, reasonOf } from '../inventory/store.ts';
import { type Outcome, withOutcome } from './delivery-outcome.ts';
import { type DeliverPorts, carry } from './carry-value.ts';

/** Longer than a function may run: a run that was stopped in the middle delivers nothing after that. */
const BUSY_FOR = 6 * MINUTE;

/** The time for a slow destination. With less left, the sweep sends a command for the rest. */
const ONE_TAKES = 2 * MINUTE;

/**
 * Delivers the current value of a token, or the news of it, to its consumers.
 * The record and the tags, read anew, say what is still to be delivered.
 * The command only says where to look, so one that comes twice, late or forged changes nothing.
 */
export async function deliver(command: DeliverCommand, ports: DeliverPorts): Promise<void> {
  if (command.notAfter < ports.now()) return;
  const loaded = await ports.inventory.load(command.tokenId);
  if (!loaded || loaded.token.detachedAt !== undefined) return;
  // Others may read the value in a target secret, and wait for it.
  const names = (loaded.token.consumers ?? [])
    .toSorted((a, b) => Number(b.kind === 'secret') - Number(a.kind === 'secret'))
    .map((one) => one.name)
    .filter((name) => command.consumer === undefined || command.consumer === name);
  for (const name of names) {
    if (ports.timeLeft() < ONE_TAKES) return;
    await deliverTo(command.tokenId, name, ports);
  }
}

async function deliverTo(tokenId: string, name: string, ports: DeliverPorts): Promise<void> {
  const claimed = await claim(tokenId, name, ports);
  if (!claimed) return;
  const { loaded, pendingDelivery } = claimed;
  const outcome = await attempt(loaded.token, pendingDelivery, ports);
  await change(loaded, ports, (token) => withOutcome(token, pendingDelivery, outcome, ports.now()));
}

/**
 * From here on, no other run delivers to this consumer.
 * An older value that is still on its way would arrive after a newer one.
 */
async function claim(
  tokenId: string,
  name: string,
  ports: DeliverPorts,
): Promise<{ loaded: Loaded; pendingDelivery: PendingDelivery } | undefined> {
  const now = ports.now();
  let pendingDelivery: PendingDelivery | undefined;
  const loaded = await change(tokenId, ports, (token) => {
    const consumer = consumerOf(token, name);
    const isDue = consumer && (pendingDeliveryAt(token, consumer) ?? Infinity) <= now;
    pendingDelivery = isDue ? pendingDeliveryOf(token, consumer) : undefined;
    return pendingDelivery
      ? withConsumer(token, name, (same) => ({ ...same, busyUntil: now + BUSY_FOR }))
      : token;
  });
  return pendingDelivery && { loaded, pendingDelivery };
}

/** An error that is not Keyturn's is thrown on: the message comes back, and the claim ends by itself. */
async function attempt(
  token: Token,
  pendingDelivery: PendingDelivery,
  ports: DeliverPorts,
): Promise<Outcome> {
  try {
    requireNoAdmin(token, pendingDelivery);
    const secret = await ports.secrets.describe(token.secretArn);
    return isStale(secret, pendingDelivery, ports)
      ? { outcome: 'stale' }
      : await carry(token, { secret, pendingDelivery }, ports);
  } catch (error) {
    if (!(error instanceof KeyturnError)) throw error;
    ports.log.warn('a delivery failed', {
      tokenId: token.id,
      consumer: pendingDelivery.consumer.name,
      code: error.code,
      reason: reasonOf(error),
    });
    return { outcome: 'failed', error };
  }
}

/**
 * An admin credential is never delivered. Its secret is rejected by its name, before anything of it is
 * read.
 */
function requireNoAdmin({ secretArn }: Token, { consumer }: PendingDelivery): void {
  const name = secretNameOf(secretArn);
  if (adminSecretOf(name) === undefined) return;
  throw new KeyturnError(
    'delivery-disabled',
    `${name} is an admin secret, whose value Keyturn never delivers: ` +
      `remove the tag keyturn:consumer:${consumer.name} from it.`,
  );
}

/** The record may be older than the secret's labels or tags. Other runs update both. */
function isStale(secret: SecretDescription, pendingDelivery: PendingDelivery, ports: DeliverPorts): boolean {
  const { name, kind, target } = pendingDelivery.consumer;
  const declared = registered(secret, ports).consumers.find((one) => one.name === name);
  return (
    versionWith(secret, 'AWSCURRENT') !== pendingDelivery.credential.versionId ||
    declared?.kind !== kind ||
    declared.target !== target
  );
}
