import { listOf } from '../../core/issuer/provider.ts';
import type { Signs } from '../../core/delivery/signs.ts';
import { acceptedWithin, refusedWithin } from '../../core/issuer/issuer-facts.ts';
import { likeness } from '../../core/issuer/likeness.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { isOwnUse, withProbe } from '../../core/validity/probes.ts';
import { MINUTE, type Instant, type Millis } from '../../core/basics/time.ts';
import type { Credential } from '../../core/token/credential.ts';
import { askWhose } from './ask-value.ts';
import { ifUnderstood, sealedProvenance } from '../rotation/provenance.ts';
import { probeOf } from '../rotation/probe-of.ts';
import type { Work } from '../open-token/context.ts';

/** Two refusals of a value lie at least so far apart, whatever the issuer's lags are. */
const LEAST_APART: Millis = 10 * MINUTE;

/** What is known of an old credential's use, and what of it is put on record beside the credential. */
export interface SeenSigns {
  readonly signs: Signs;
  readonly noted: Partial<Credential>;
  /** The issuer says that it is over by its own date. */
  readonly hasEnded: boolean;
}

/** Asks the issuer, where the policy wants it asked, and the trail who uses an old credential. */
export async function signsOf(work: Work, one: Credential, ports: Ports): Promise<SeenSigns> {
  const { policy, provider, consumers } = work.record.token;
  const every = ports.descriptor(provider)?.lastUsedEvery;
  const isAsked = every !== undefined && (policy.evidence === 'last-used' || policy.evidence === 'all');
  const readers =
    isAsked || consumers?.some((consumer) => consumer.kind === 'role')
      ? await ports.readers.of(work.record.token)
      : [];
  if (!isAsked) return { signs: { issuer: undefined, readers }, noted: {}, hasEnded: false };
  const entry = (await listOf(work.session))?.find(
    (other) => other.handle === one.handle && likeness(one, other) !== 'different',
  );
  if (!entry) return missing(work, one, { every, readers }, ports);
  const { lastUsedAt } = entry;
  const isOwn = lastUsedAt !== undefined && isOwnUse(lastUsedAt, one.probes ?? [], every);
  return {
    signs: { issuer: { every, listed: true, lastUsedAt, isOwn }, readers },
    noted: { missingSince: undefined, lastUsedAt: isOwn ? one.lastUsedAt : lastUsedAt },
    hasEnded: entry.state === 'expired',
  };
}

/**
 * A list that leaves the credential out shows nothing of its use: one page may be stale, or one node. Where
 * the issuer refuses the value as well, at two looks that lie apart by what it takes to accept and to revoke,
 * no consumer can use it any more.
 */
async function missing(
  work: Work,
  one: Credential,
  { every, readers }: { every: Millis; readers: Signs['readers'] },
  ports: Ports,
): Promise<SeenSigns> {
  const now = ports.now();
  const outcome = await askedByValue(work, one, ports);
  const { probes } = outcome === undefined ? one : withProbe(one, now);
  const missingSince = outcome === 'inactive' ? (one.missingSince ?? now) : undefined;
  const isRefused = missingSince !== undefined && now - missingSince >= apart(work, ports);
  return {
    signs: { issuer: { every, listed: false, isRefused }, readers },
    noted: { missingSince, ...(probes && { probes }) },
    hasEnded: false,
  };
}

function apart(work: Work, ports: Pick<Ports, 'descriptor'>): Millis {
  const facts = ports.descriptor(work.record.token.provider);
  return Math.max(LEAST_APART, acceptedWithin(facts) + refusedWithin(facts));
}

/** What the issuer says of the value itself; undefined where it cannot be read. */
async function askedByValue(
  work: Work,
  one: Credential,
  ports: Ports,
): Promise<'active' | 'inactive' | 'unknown' | undefined> {
  if (one.versionId === undefined || work.secret.deletedAt !== undefined) return undefined;
  const held = await ifUnderstood(
    sealedProvenance({ secretArn: work.secret.arn, versionId: one.versionId, place: work.place }, ports),
  );
  const isSame =
    held !== undefined && (one.fingerprint === undefined || held.fingerprint === one.fingerprint);
  if (!isSame) return undefined;
  const isKnown = (held.reach ?? one.reach) !== undefined;
  return isKnown
    ? (await probeOf(work.session, held)).outcome
    : (await askWhose(work.record.token, held, work.session, ports)).probe.outcome;
}

/** When Keyturn asked about a credential, as its record keeps it. */
export function asked(one: Credential, at: Instant): Pick<Credential, 'probes'> {
  const { probes } = withProbe(one, at);
  return probes ? { probes } : {};
}
