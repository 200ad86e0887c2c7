import { skewBy, skewOf } from '../../core/issuer/issuer-clock.ts';
import { verdictOn, type Sight, type Verdict } from '../../core/validity/inactivity-proof.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { likeness } from '../../core/issuer/likeness.ts';
import { adminPrefixOf } from '../../core/basics/names.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { listOf, type ListedCredential, type Reach, type Session } from '../../core/issuer/provider.ts';
import { sameReach } from '../../core/issuer/reach.ts';
import type { Instant } from '../../core/basics/time.ts';
import { currentOf } from '../../core/token/lookups.ts';
import type { Credential } from '../../core/token/credential.ts';
import { askWhose, type Asked } from './ask-value.ts';
import { ifUnderstood, sealedProvenance, type Provenance } from '../rotation/provenance.ts';
import { probeOf } from '../rotation/probe-of.ts';
import type { SecretWork } from '../open-token/context.ts';

/** `held`: the value, as another secret holds it, where its own cannot be read any more. */
type Seen = Pick<SecretWork, 'secret' | 'place' | 'record'> & {
  readonly held?: Provenance | undefined;
  readonly listing?: Listing | undefined;
};

/** What an issuer just listed at a place, or why it did not: who has it need not ask again. */
export interface Listing {
  readonly session: Session;
  /** When it was asked; no entries where the issuer has no list. */
  readonly since: Instant;
  readonly entries: readonly ListedCredential[] | KeyturnError | undefined;
}

/** What a look at one credential showed, and where it was. */
export interface Looked {
  readonly verdict: Verdict;
  readonly probe: Sight['probe'];
  /** The place where the issuer knew it, or was first asked about it. */
  readonly reach: Reach | undefined;
  readonly listed: Sight['listed'];
}

/**
 * Looks at a credential at the place where it was made, and says whether it is inactive. The value is asked
 * about by itself, whatever becomes of the list. `session` is undefined where Keyturn may not ask: then only
 * its own date can be over. Errors: those of Secrets Manager.
 */
export async function lookAt(
  work: Seen,
  one: Credential,
  session: Session | undefined,
  ports: Ports,
): Promise<Looked> {
  const since = work.listing?.since ?? ports.now();
  const held = work.held ?? (await heldValue(work, one, ports));
  const known = held?.reach ?? one.reach;
  const first = session && (known === undefined || sameReach(known, session.reach)) ? session : undefined;
  const asked =
    first && held
      ? await (known === undefined ? askWhose(work.record.token, held, first, ports) : probedAt(first, held))
      : undefined;
  const here = asked ? asked.session : first;
  const probe = asked?.probe.outcome;
  const given = work.listing?.session === here ? work.listing : undefined;
  const listing = given ?? (here && (await listingOf(here, ports.now())));
  const listed = listing && entryOf(one, listing);
  const reach = known ?? firstSeenAt(here, { probe, listed });
  const isRead = Array.isArray(listing?.entries);
  const isUnanswered =
    listed === undefined &&
    probe !== 'inactive' &&
    (listing?.entries instanceof KeyturnError || probe === 'unknown');
  const answers =
    probe === 'inactive' && here !== undefined && (isRead || (await isAnswering(work, one, here, ports)));
  const { token } = work.record;
  const { descriptor } = ports.issuers.provider(token.provider);
  const now = ports.now();
  const skew = Math.max(skewOf(token, now), skewBy(here && ports.issuers.clockOf(here.reach.host, since)));
  return {
    verdict: verdictOn(
      one,
      { now, probe, listed, isUnanswered, answers, isItsPlace: reach !== undefined, skew },
      descriptor,
    ),
    probe,
    reach,
    listed,
  };
}

async function probedAt(session: Session, held: Provenance): Promise<Asked> {
  return { session, probe: await probeOf(session, held) };
}

/** The value of a credential, as long as its version can be read and still holds it. */
async function heldValue(
  { secret, place }: Seen,
  one: Credential,
  ports: Ports,
): Promise<Provenance | undefined> {
  if (one.versionId === undefined || secret.deletedAt !== undefined) return undefined;
  const held = await ifUnderstood(
    sealedProvenance({ secretArn: secret.arn, versionId: one.versionId, place }, ports),
  );
  return held && (one.fingerprint === undefined || held.fingerprint === one.fingerprint) ? held : undefined;
}

export async function listingOf(session: Session, since: Instant): Promise<Listing> {
  try {
    return { session, since, entries: await listOf(session) };
  } catch (error) {
    if (error instanceof KeyturnError) return { session, since, entries: error };
    throw error;
  }
}

/**
 * A credential in a list; undefined where the list cannot be read, or the credential has no name. An entry
 * with its handle and another date is another credential.
 */
export function entryOf(one: Credential, { entries }: Listing): ListedCredential | 'absent' | undefined {
  const { handle, createdAt } = one;
  if (handle === undefined || entries === undefined || entries instanceof KeyturnError) return undefined;
  return entries.find((other) => likeness({ handle, createdAt }, other) === 'same') ?? 'absent';
}

/**
 * Of a credential without a noted place, the place is the one that knows it, or whose rejection is about it.
 */
function firstSeenAt(
  session: Session | undefined,
  { probe, listed }: Pick<Sight, 'probe' | 'listed'>,
): Reach | undefined {
  if (!session) return undefined;
  const isKnown = probe === 'active' || probe === 'inactive' || (listed !== undefined && listed !== 'absent');
  return isKnown ? session.reach : undefined;
}

/**
 * Where the list cannot be read, another credential that is accepted there shows that it is the issuer who
 * answers: the current one, or the admin credential.
 */
async function isAnswering(work: Seen, one: Credential, session: Session, ports: Ports): Promise<boolean> {
  const { token } = work.record;
  const current = currentOf(token);
  const other =
    current &&
    current.id !== one.id &&
    (current.reach === undefined || sameReach(current.reach, session.reach))
      ? await heldValue(work, current, ports)
      : undefined;
  if (other && (await probeOf(session, other)).outcome === 'active') return true;
  return isAdminAccepted(token.provider, token.admin ?? adminPrefixOf(token.provider), ports);
}

async function isAdminAccepted(
  provider: string,
  adminName: string,
  ports: Pick<Ports, 'issuers'>,
): Promise<boolean> {
  try {
    return (await ports.issuers.examine(provider, adminName)).outcome === 'active';
  } catch (error) {
    if (error instanceof KeyturnError) return false;
    throw error;
  }
}
