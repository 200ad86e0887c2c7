import { isDelivered, ruleOf } from '../consumers/consumer-kinds.ts';
import type { Policy } from '../policy/policy.ts';
import type { Consumer, Evidence, PendingConsumer } from '../consumers/consumer-state.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';
import { HOUR, formatInstant, type Instant } from '../basics/time.ts';
import type { Reader, Signs, Judgement, Verdict } from './signs.ts';
import { runningOn, consumerVerdict } from './consumer-verdict.ts';
import { issuerVerdict } from './issuer-verdict.ts';
import { isReadBy } from './reader-names.ts';

/**
 * Decides whether consumers have moved. Strong is what the issuer saw; weak is what consumers did or said.
 * What Keyturn could not bring to a consumer, and what a service says a running version of it uses, holds
 * under every policy: that is no lack of evidence but evidence against. Pure.
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

/**
 * An issuer does not say who still uses the old value: those do who read it last, the latest first. Declared
 * roles speak for themselves.
 */
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

function evidenceOf(verdicts: readonly Verdict[], isStrong: boolean, now: Instant): Evidence {
  const grounds = verdicts.flatMap((one) => ('ground' in one ? [one.ground] : []));
  return { at: now, strength: isStrong ? 'strong' : grounds.length > 0 ? 'weak' : 'time', grounds };
}

/** A pending consumer as a finding names it. */
export function pendingConsumerText(one: PendingConsumer): string {
  const read =
    one.lastReadAt === undefined || one.who === 'issuer'
      ? ''
      : ` (last read ${formatInstant(one.lastReadAt)}${one.from === undefined ? '' : ` from ${one.from}`})`;
  return `${one.who}: ${one.why}${read}`;
}
