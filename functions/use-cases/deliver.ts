import type { DeliverCommand } from '../core/commands.ts';
import type { ConsumerKind } from '../core/delivery/consumers.ts';
import type { Courier, Parcel, Passage } from '../core/delivery/courier.ts';
import {
  consumerOf,
  errandAt,
  errandOf,
  failedDelivery,
  withConsumer,
  withDelivery,
  type Errand,
} from '../core/delivery/deliveries.ts';
import { KeyturnError } from '../core/errors.ts';
import { lookedAtAgain, telling } from '../core/life.ts';
import { adminSecretOf, requestTokenOf, secretNameOf } from '../core/names.ts';
import { parsePayload } from '../core/payload/payload.ts';
import { placeOf } from '../core/payload/place.ts';
import type { Loaded, Ports, SecretDescription } from '../core/ports.ts';
import type { Secret } from '../core/secret.ts';
import type { Token } from '../core/token.ts';
import { MINUTE } from '../core/time.ts';
import { registered, versionWith } from './registered.ts';
import { change, reasonOf, type StorePorts } from './store.ts';

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
  const { loaded, errand } = claimed;
  const outcome = await attempt(loaded.token, errand, ports);
  await change(loaded, ports, (token) => withOutcome(token, errand, outcome, ports.now()));
}

/** From here on, nobody else brings anything to this consumer: an older value that is still on its way would arrive after a newer one. */
async function claim(
  tokenId: string,
  name: string,
  ports: DeliverPorts,
): Promise<{ loaded: Loaded; errand: Errand } | undefined> {
  const now = ports.now();
  let errand: Errand | undefined;
  const loaded = await change(tokenId, ports, (token) => {
    const consumer = consumerOf(token, name);
    const isDue = consumer && (errandAt(token, consumer) ?? Infinity) <= now;
    errand = isDue ? errandOf(token, consumer) : undefined;
    return errand ? withConsumer(token, name, (same) => ({ ...same, busyUntil: now + BUSY_FOR })) : token;
  });
  return errand && { loaded, errand };
}

type Outcome =
  | Passage
  | { readonly outcome: 'failed'; readonly error: KeyturnError }
  | { readonly outcome: 'stale' };

/** An error that is not ours is thrown on: the message comes back, and the claim ends by itself. */
async function attempt(token: Token, errand: Errand, ports: DeliverPorts): Promise<Outcome> {
  try {
    requireNoAdmin(token, errand);
    const secret = await ports.secrets.describe(token.secretArn);
    return isStale(secret, errand, ports)
      ? { outcome: 'stale' }
      : await carry(token, { secret, errand }, ports);
  } catch (error) {
    if (!(error instanceof KeyturnError)) throw error;
    ports.log.warn('a delivery failed', {
      tokenId: token.id,
      consumer: errand.consumer.name,
      code: error.code,
      reason: reasonOf(error),
    });
    return { outcome: 'failed', error };
  }
}

/** What could make every token of an issuer goes nowhere: refused by the secret's name, before anything of it is read. */
function requireNoAdmin({ secretArn }: Token, { consumer }: Errand): void {
  const name = secretNameOf(secretArn);
  if (adminSecretOf(name) === undefined) return;
  throw new KeyturnError(
    'delivery-off',
    `${name} is an admin secret, whose value Keyturn brings to nobody: remove the tag keyturn:consumer:${consumer.name} from it.`,
  );
}

/** The record may be behind: of the secret's labels, or of its tags. Both are brought up to date by others. */
function isStale(secret: SecretDescription, errand: Errand, ports: DeliverPorts): boolean {
  const { name, kind, target } = errand.consumer;
  const declared = registered(secret, ports).consumers.find((one) => one.name === name);
  return (
    versionWith(secret, 'AWSCURRENT') !== errand.generation.versionId ||
    declared?.kind !== kind ||
    declared.target !== target
  );
}

function carry(
  token: Token,
  { secret, errand }: { secret: SecretDescription; errand: Errand },
  ports: DeliverPorts,
): Promise<Passage> {
  const courier = ports.couriers.get(errand.consumer.kind);
  if (!courier)
    throw new KeyturnError(
      'delivery-off',
      `This installation does not deliver to consumers of the kind ${errand.consumer.kind}: add it to delivery in keyturn.json, or correct the consumer.`,
    );
  return courier.carry(parcelOf(token, errand), () => valueIn(secret, { token, errand }, ports));
}

function parcelOf(token: Token, { consumer, generation, delivery }: Errand): Parcel {
  const { name, kind, target } = consumer;
  const { promotedAt, asked } = delivery;
  return {
    id: requestTokenOf(
      token.id,
      `delivery\n${name}\n${generation.id}\n${promotedAt}${asked === undefined ? '' : `\n${asked.request}`}`,
    ),
    tokenId: token.id,
    secretName: token.name,
    secretArn: token.secretArn,
    versionId: generation.versionId,
    consumer: { name, kind, target },
    promotedAt,
    since: Math.max(promotedAt, asked?.at ?? 0),
  };
}

async function valueIn(
  secret: SecretDescription,
  { token, errand: { generation } }: { token: Token; errand: Errand },
  ports: DeliverPorts,
): Promise<Secret> {
  const descriptor = ports.descriptor(token.provider);
  if (!descriptor)
    throw new KeyturnError(
      'provider-unknown',
      `There is no provider "${token.provider}" in this installation.`,
    );
  const text = await ports.secrets.read(token.secretArn, generation.versionId);
  const value = text && parsePayload(text, placeOf(secret.tags, descriptor)).value;
  if (value) return value;
  throw new KeyturnError(
    'version-unknown',
    `The version ${generation.versionId} of ${token.name} holds no credential.`,
  );
}

function withOutcome(token: Token, errand: Errand, seen: Outcome, now: number): Token {
  const { name } = errand.consumer;
  switch (seen.outcome) {
    case 'stale':
      return withConsumer(token, name, ({ busyUntil: _busy, ...free }) => free);
    case 'failed':
      return withDelivery(token, errand, (one) =>
        failedDelivery(
          one,
          { code: seen.error.code, message: seen.error.message, lasting: !seen.error.rule.retry },
          now,
        ),
      );
    case 'sent':
      return withDelivery(token, errand, (one) => ({
        ...one,
        state: 'sent',
        tries: 0,
        problem: undefined,
        sentAt: one.sentAt ?? now,
        receipt: seen.receipt,
        lookAt: seen.lookAt,
      }));
    case 'proven': {
      const proven = withDelivery(token, errand, (one) => ({
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
        about: `${name}/${errand.generation.id}/${errand.delivery.asked?.request ?? errand.delivery.promotedAt}`,
        detail: `${name} has version ${errand.generation.id}: ${seen.proof}`,
        by: 'keyturn',
        at: now,
      });
    }
  }
}
