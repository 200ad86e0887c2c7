import type { DeliverCommand } from '../../core/commands/commands.ts';
import type { ConsumerKind } from '../../core/consumers/consumers.ts';
import type { Courier, Parcel, Passage } from '../../core/delivery/courier.ts';
import {
  consumerOf,
  pendingDeliveryAt,
  pendingDeliveryOf,
  failedDelivery,
  withConsumer,
  withDelivery,
  type PendingDelivery,
} from '../../core/delivery/deliveries.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { lookedAtAgain } from '../../core/token/transitions.ts';
import { telling } from '../../core/token/telling.ts';
import { adminSecretOf, requestTokenOf, secretNameOf } from '../../core/basics/names.ts';
import { parsePayload } from '../../core/secret-text/secret-text.ts';
import { placeOf } from '../../core/secret-text/value-place.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { Token } from '../../core/token/token.ts';
import { MINUTE } from '../../core/basics/time.ts';
import { registered, versionWith } from '../inventory/registration.ts';
import { change, reasonOf, type StorePorts } from '../inventory/store.ts';

/** Longer than a function may run: whoever was stopped in the middle brings nothing any more when it is over. */
const BUSY_FOR = 6 * MINUTE;
/** A slow destination is given so long; with less left, the sweep sends a command for the rest. */
const ONE_TAKES = 2 * MINUTE;

export type DeliverPorts = StorePorts &
  Pick<Ports, 'secrets' | 'installation' | 'policyDefaults' | 'timeLeft'> & {
    readonly couriers: ReadonlyMap<ConsumerKind, Courier>;
  };

/**
 * Brings the current value of a token, or word of it, to its consumers: whatever the record and the tags, read anew, say is still to be brought.
 * The command only says where to look, so that one which comes twice, late or forged changes nothing.
 */
export async function deliver(command: DeliverCommand, ports: DeliverPorts): Promise<void> {
  if (command.notAfter < ports.now()) return;
  const loaded = await ports.inventory.load(command.tokenId);
  if (!loaded || loaded.token.detachedAt !== undefined) return;
  const names = (loaded.token.consumers ?? [])
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

/** From here on, nobody else brings anything to this consumer: an older value that is still on its way would arrive after a newer one. */
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

type Outcome =
  | Passage
  | { readonly outcome: 'failed'; readonly error: KeyturnError }
  | { readonly outcome: 'stale' };

/** An error that is not ours is thrown on: the message comes back, and the claim ends by itself. */
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

/** What could make every token of an issuer goes nowhere: refused by the secret's name, before anything of it is read. */
function requireNoAdmin({ secretArn }: Token, { consumer }: PendingDelivery): void {
  const name = secretNameOf(secretArn);
  if (adminSecretOf(name) === undefined) return;
  throw new KeyturnError(
    'delivery-disabled',
    `${name} is an admin secret, whose value Keyturn brings to nobody: remove the tag keyturn:consumer:${consumer.name} from it.`,
  );
}

/** The record may be behind: of the secret's labels, or of its tags. Both are brought up to date by others. */
function isStale(secret: SecretDescription, pendingDelivery: PendingDelivery, ports: DeliverPorts): boolean {
  const { name, kind, target } = pendingDelivery.consumer;
  const declared = registered(secret, ports).consumers.find((one) => one.name === name);
  return (
    versionWith(secret, 'AWSCURRENT') !== pendingDelivery.credential.versionId ||
    declared?.kind !== kind ||
    declared.target !== target
  );
}

function carry(
  token: Token,
  { secret, pendingDelivery }: { secret: SecretDescription; pendingDelivery: PendingDelivery },
  ports: DeliverPorts,
): Promise<Passage> {
  const courier = ports.couriers.get(pendingDelivery.consumer.kind);
  if (!courier)
    throw new KeyturnError(
      'delivery-disabled',
      `This installation does not deliver to consumers of the kind ${pendingDelivery.consumer.kind}: add it to delivery in keyturn.json, or correct the consumer.`,
    );
  return courier.carry(parcelOf(token, pendingDelivery), () =>
    valueIn(secret, { token, pendingDelivery }, ports),
  );
}

function parcelOf(token: Token, { consumer, credential, delivery }: PendingDelivery): Parcel {
  const { name, kind, target } = consumer;
  const { promotedAt, asked } = delivery;
  return {
    id: requestTokenOf(
      token.id,
      `delivery\n${name}\n${credential.id}\n${promotedAt}${asked === undefined ? '' : `\n${asked.request}`}`,
    ),
    tokenId: token.id,
    secretName: token.name,
    secretArn: token.secretArn,
    versionId: credential.versionId,
    consumer: { name, kind, target },
    promotedAt,
    since: Math.max(promotedAt, asked?.at ?? 0),
  };
}

async function valueIn(
  secret: SecretDescription,
  { token, pendingDelivery: { credential } }: { token: Token; pendingDelivery: PendingDelivery },
  ports: DeliverPorts,
): Promise<Secret> {
  const descriptor = ports.descriptor(token.provider);
  if (!descriptor)
    throw new KeyturnError(
      'provider-unknown',
      `There is no issuer "${token.provider}" in this installation.`,
    );
  const text = await ports.secrets.read(token.secretArn, credential.versionId);
  const value = text && parsePayload(text, placeOf(secret.tags, descriptor)).value;
  if (value) return value;
  throw new KeyturnError(
    'version-unknown',
    `The version ${credential.versionId} of ${token.name} holds no credential.`,
  );
}

function withOutcome(token: Token, pendingDelivery: PendingDelivery, seen: Outcome, now: number): Token {
  const { name } = pendingDelivery.consumer;
  switch (seen.outcome) {
    case 'stale':
      return withConsumer(token, name, ({ busyUntil: _busy, ...free }) => free);
    case 'failed':
      return withDelivery(token, pendingDelivery, (one) =>
        failedDelivery(
          one,
          { code: seen.error.code, message: seen.error.message, lasting: !seen.error.rule.retry },
          now,
        ),
      );
    case 'sent':
      return withDelivery(token, pendingDelivery, (one) => ({
        ...one,
        state: 'sent',
        tries: 0,
        problem: undefined,
        sentAt: one.sentAt ?? now,
        receipt: seen.receipt,
        lookAt: seen.lookAt,
      }));
    case 'proven': {
      const proven = withDelivery(token, pendingDelivery, (one) => ({
        ...one,
        state: 'proven',
        tries: 0,
        problem: undefined,
        lookAt: undefined,
        sentAt: one.sentAt ?? now,
        provenAt: now,
      }));
      return telling(lookedAtAgain(proven), {
        what: 'delivered',
        about: `${name}/${pendingDelivery.credential.id}/${pendingDelivery.delivery.asked?.request ?? pendingDelivery.delivery.promotedAt}`,
        detail: `${name} has version ${pendingDelivery.credential.id}: ${seen.proof}`,
        by: 'keyturn',
        at: now,
      });
    }
  }
}
