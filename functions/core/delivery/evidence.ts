import { isDelivered, ruleOf } from '../consumers/consumer-kinds.ts';
import { arrivedAt, promotionOf } from './deliveries.ts';
import type { Policy } from '../policy/policy.ts';
import type { Consumer, Evidence, Ground, PendingConsumer } from '../consumers/consumer-state.ts';
import { currentOf } from '../token/lookups.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';
import { HOUR, formatInstant, type Instant, type Millis } from '../basics/time.ts';

/** One principal that reads the secret, as a trail of calls shows it. */
export interface Reader {
  /** The ARN of a role, a user or a session of a role. */
  readonly principal: string;
  /** The version it read last, where that is known. */
  readonly versionId?: string;
  readonly readAt: Instant;
  /** From where: a network, an address or a function. */
  readonly from?: string;
}

/** What the issuer says of a credential's use, to the step `every`. One that its list leaves out it says nothing of, unless it refused the value as well, again and again (`isRefused`). */
export type IssuerSigns =
  | {
      readonly every: Millis;
      readonly listed: true;
      readonly lastUsedAt: Instant | undefined;
      /** That use may be a question of Keyturn's own. */ readonly isOwn?: boolean;
    }
  | { readonly every: Millis; readonly listed: false; readonly isRefused: boolean };

/** What is known of an old credential's use. */
export interface Signs {
  /** What the issuer says: undefined when it does not tell the last use, or was not asked. */
  readonly issuer: IssuerSigns | undefined;
  /** Who read the secret, where a trail is watched. */
  readonly readers: readonly Reader[];
}

/** Whether consumers have moved off an old credential: on what grounds, or who has not, and when to look again. */
export type Judgement =
  | { readonly outcome: 'moved'; readonly evidence: Evidence }
  | {
      readonly outcome: 'waiting';
      readonly pendingConsumers: readonly PendingConsumer[];
      readonly lookAt: Instant;
    };

type Verdict =
  | { readonly ground: Ground }
  | { readonly pendingConsumer: PendingConsumer; readonly lookAt: Instant };

/**
 * Decides whether consumers have moved. Strong is what the issuer saw; weak is what consumers did or said. What Keyturn could not bring to a
 * consumer, and what a service says a running version of it uses, holds under every policy: that is no lack of evidence but evidence against. Pure.
 */
export function evidenceFor(token: Token, old: Credential, signs: Signs, now: Instant): Judgement {
  const wanted = wantedOf(token.policy.evidence);
  const strong = wanted.issuer && signs.issuer ? [issuerVerdict(token, old, signs.issuer, now)] : [];
  const weak = (token.consumers ?? []).flatMap((one) => {
    const verdict = consumerVerdict({ token, old, consumer: one, readers: signs.readers }, now);
    return wanted.consumers || ('pendingConsumer' in verdict && isKnownToLag(one, old)) ? [verdict] : [];
  });
  const verdicts = [
    ...strong,
    ...weak,
    ...(token.policy.evidence === 'consumers' && token.consumers === undefined ? [undeclared(old, now)] : []),
  ];
  const behind = verdicts.filter((one) => 'pendingConsumer' in one);
  if (behind.length === 0)
    return { outcome: 'moved', evidence: evidenceOf(verdicts, strong.length > 0, now) };
  const inUse = strong.some((one) => 'pendingConsumer' in one)
    ? holdersOf(token, old, signs.readers, now)
    : [];
  return {
    outcome: 'waiting',
    pendingConsumers: [...behind.map((one) => one.pendingConsumer), ...inUse],
    lookAt: Math.min(now + HOUR, ...behind.map((one) => one.lookAt)),
  };
}

/** So many are named. */
const MOST_HOLDERS = 5;

/** An issuer does not say who still uses the old value: those do who read it last, the latest first. Declared roles speak for themselves. */
function holdersOf(
  token: Token,
  old: Credential,
  readers: readonly Reader[],
  now: Instant,
): PendingConsumer[] {
  const isDeclared = (one: Reader): boolean =>
    (token.consumers ?? []).some((consumer) => isReadBy(one.principal, consumer, token));
  const holding = readers
    .filter((one) => one.versionId !== undefined && one.versionId === old.versionId && !isDeclared(one))
    .toSorted((a, b) => b.readAt - a.readAt);
  return holding.slice(0, MOST_HOLDERS).map((one) => ({
    who: one.principal,
    why: 'it has not read the new version',
    since: old.supersededAt ?? now,
    lastReadAt: one.readAt,
    ...(one.from !== undefined && { from: one.from }),
  }));
}

function wantedOf(evidence: Policy['evidence']): { issuer: boolean; consumers: boolean } {
  return {
    issuer: evidence === 'last-used' || evidence === 'all',
    consumers: evidence === 'consumers' || evidence === 'all',
  };
}

function undeclared(old: Credential, now: Instant): Verdict {
  return {
    pendingConsumer: {
      who: 'consumers',
      why: 'none is declared, so nothing can show that they moved',
      since: old.supersededAt ?? now,
    },
    lookAt: now + HOUR,
  };
}

/** What keeps a credential under every policy. */
function isKnownToLag(consumer: Consumer, old: Credential): boolean {
  return (
    consumer.unreadable === true ||
    (isDelivered(consumer.kind) && ruleOf(consumer.kind).moves) ||
    runningOn(consumer, old).length > 0
  );
}

/** Versions of a service that use a credential and were not released. */
function runningOn(consumer: Consumer, old: Credential): string[] {
  return (consumer.uses ?? [])
    .filter((one) => one.credentialId === old.id && one.releasedAt === undefined)
    .map((one) => one.version);
}

function evidenceOf(verdicts: readonly Verdict[], isStrong: boolean, now: Instant): Evidence {
  const grounds = verdicts.flatMap((one) => ('ground' in one ? [one.ground] : []));
  return { at: now, strength: isStrong ? 'strong' : grounds.length > 0 ? 'weak' : 'time', grounds };
}

/** A question of our own is no consumer's use. It may hide one, since the issuer tells only the latest use and none that follows within its step: so much time has to be quiet after it all the same. */
function issuerVerdict(token: Token, old: Credential, issuer: IssuerSigns, now: Instant): Verdict {
  const since = old.supersededAt ?? now;
  if (!issuer.listed && issuer.isRefused)
    return { ground: { by: 'issuer', what: 'its list does not show it, and it refuses the value', at: now } };
  if (!issuer.listed)
    return {
      pendingConsumer: {
        who: 'issuer',
        why: "the issuer's list does not show it, so nothing tells whether it is used",
        since,
      },
      lookAt: now + issuer.every,
    };
  const used = issuer.lastUsedAt;
  if (used === undefined) return { ground: { by: 'issuer', what: 'the issuer shows no use of it' } };
  const quietAt = used + token.policy.unusedFor + issuer.every;
  if (issuer.isOwn === true) return ownUseVerdict({ used, quietAt, since }, now);
  if (quietAt <= now)
    return { ground: { by: 'issuer', what: `the issuer saw its last use ${formatInstant(used)}`, at: used } };
  return {
    pendingConsumer: {
      who: 'issuer',
      why: `it was last used ${formatInstant(used)}`,
      since,
      lastReadAt: used,
    },
    lookAt: quietAt,
  };
}

function ownUseVerdict(
  { used, quietAt, since }: { used: Instant; quietAt: Instant; since: Instant },
  now: Instant,
): Verdict {
  if (quietAt <= now)
    return {
      ground: {
        by: 'issuer',
        what: `the issuer saw no use of it since Keyturn asked about it ${formatInstant(used)}`,
        at: used,
      },
    };
  return {
    pendingConsumer: {
      who: 'issuer',
      why: `Keyturn itself asked about it ${formatInstant(used)}, which may hide another use`,
      since,
    },
    lookAt: quietAt,
  };
}

interface Case {
  readonly token: Token;
  readonly old: Credential;
  readonly consumer: Consumer;
  readonly readers: readonly Reader[];
}

function consumerVerdict(seen: Case, now: Instant): Verdict {
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
      `the new value has not arrived there${consumer.delivery?.problem ? `: ${trimmed(consumer.delivery.problem.message)}` : ''}`,
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

/** Whether a principal of a trail is the one that a consumer declares: a role by its name or ARN, in whatever session. A bare name is one of the token's own account: everybody may name a role so in theirs. */
function isReadBy(principal: string, consumer: Consumer, token: Token): boolean {
  if (consumer.kind !== 'role') return false;
  const declared = nameIn(consumer.target);
  const account = accountIn(consumer.target) ?? token.secretArn.split(':')[4];
  return nameIn(principal) === declared && (accountIn(principal) ?? account) === account;
}

function accountIn(arn: string): string | undefined {
  return /^arn:[^:]*:(?:iam|sts)::(\d+):/.exec(arn)?.[1];
}

/** The name of a role or user: the end of its ARN, or the middle of a session's. */
function nameIn(principal: string): string {
  const session = /:assumed-role\/([^/]+)/.exec(principal)?.[1];
  return session ?? principal.split(':').at(-1)?.split('/').at(-1) ?? principal;
}

/** A version that runs keeps the credential it was deployed with. Of a service that never said what it uses, silence shows nothing. */
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

/** A pending consumer as a finding names it. */
export function pendingConsumerText(one: PendingConsumer): string {
  const read =
    one.lastReadAt === undefined || one.who === 'issuer'
      ? ''
      : ` (last read ${formatInstant(one.lastReadAt)}${one.from === undefined ? '' : ` from ${one.from}`})`;
  return `${one.who}: ${one.why}${read}`;
}
