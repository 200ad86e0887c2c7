import { isDelivered, ruleOf } from '../consumers/consumer-kinds.ts';
import { arrivedAt, promotionOf } from './deliveries.ts';
import type { Consumer, PendingConsumer } from '../consumers/consumer-state.ts';
import { currentOf } from '../token/lookups.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';
import { HOUR, formatInstant, type Instant } from '../basics/time.ts';
import type { Reader, Verdict } from './signs.ts';
import { isReadBy } from './reader-names.ts';

/** Versions of a service that use a credential and were not released. */
export function runningOn(consumer: Consumer, old: Credential): string[] {
  return (consumer.uses ?? [])
    .filter((one) => one.credentialId === old.id && one.releasedAt === undefined)
    .map((one) => one.version);
}

interface Case {
  readonly token: Token;
  readonly old: Credential;
  readonly consumer: Consumer;
  readonly readers: readonly Reader[];
}

export function consumerVerdict(seen: Case, now: Instant): Verdict {
  const { consumer, token } = seen;
  const current = currentOf(token);
  const said = consumer.acknowledged;
  if (current && said?.credentialId === current.id)
    return { ground: { by: consumer.name, what: `${said.by} said that it has moved`, at: said.at } };
  if (consumer.unreadable === true)
    return behind(seen, 'its tag cannot be read, so nothing can show that it moved', now);
  if (consumer.kind === 'service') return serviceVerdict(seen, now);
  return deliveryVerdict(seen, now) ?? readerVerdict(seen, now);
}

/** What arrived counts once work that was begun before it is over. */
function deliveryVerdict(seen: Case, now: Instant): Verdict | undefined {
  const { token, consumer } = seen;
  const rule = ruleOf(consumer.kind);
  if (!isDelivered(consumer.kind) || !rule.moves) return undefined;
  const arrived = arrivedAt(token, consumer);
  if (arrived === undefined)
    return behind(
      seen,
      'the new value has not arrived ' +
        `there${consumer.delivery?.problem ? `: ${trimmed(consumer.delivery.problem.message)}` : ''}`,
      now,
    );
  const over = arrived + rule.holds;
  if (over > now)
    return {
      ...behind(seen, `work begun before ${formatInstant(arrived)} may still use the old value`, now),
      lookAt: over,
    };
  return { ground: { by: consumer.name, what: `delivered: ${rule.proof}`, at: arrived } };
}

function readerVerdict(seen: Case, now: Instant): Verdict {
  const { token, consumer } = seen;
  const current = currentOf(token);
  const since = current ? promotionOf(token, current) : 0;
  const last = lastRead(seen);
  const isNew =
    last !== undefined &&
    (last.versionId === undefined ? last.readAt >= since : last.versionId === current?.versionId);
  if (isNew) return { ground: { by: consumer.name, what: `it read the new version`, at: last.readAt } };
  return behind(
    seen,
    last ? 'it has not read the new version' : 'nothing shows that it uses the new version',
    now,
  );
}

function lastRead({ token, consumer, readers }: Case): Reader | undefined {
  return readers
    .filter((one) => isReadBy(one.principal, consumer, token))
    .reduce<Reader | undefined>(
      (best, one) => (best === undefined || one.readAt > best.readAt ? one : best),
      undefined,
    );
}

/**
 * A version that runs keeps the credential it was deployed with. Of a service that never said what it uses,
 * silence shows nothing.
 */
function serviceVerdict(seen: Case, now: Instant): Verdict {
  const { old, consumer } = seen;
  const uses = (consumer.uses ?? []).filter((one) => one.credentialId === old.id);
  const running = runningOn(consumer, old);
  if (running.length > 0)
    return behind(seen, `its version ${running.join(', ')} uses it and was not released`, now);
  if (uses.length === 0)
    return behind(seen, 'none of its versions was noted as using it, so nothing shows that none does', now);
  const released = Math.max(...uses.map((one) => one.releasedAt ?? 0));
  return {
    ground: {
      by: consumer.name,
      what: `version ${uses.map((one) => one.version).join(', ')} was released`,
      at: released,
    },
  };
}

function behind(
  seen: Case,
  why: string,
  now: Instant,
): { pendingConsumer: PendingConsumer; lookAt: Instant } {
  const last = lastRead(seen);
  const read = last && { lastReadAt: last.readAt, ...(last.from !== undefined && { from: last.from }) };
  return {
    pendingConsumer: { who: seen.consumer.name, why, since: seen.old.supersededAt ?? now, ...read },
    lookAt: now + HOUR,
  };
}

function trimmed(text: string): string {
  return text.replace(/\.$/, '');
}
