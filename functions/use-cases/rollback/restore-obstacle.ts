import { isBeingRevoked } from '../../core/revocation/claims.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { claimedRestore, lapseOf, unfitFor } from '../../core/token/intents.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { currentOf, credentialOf, openAttempt } from '../../core/token/lookups.ts';
import type { Credential } from '../../core/token/credential.ts';
import type { Token } from '../../core/token/token.ts';
import { askWhose } from '../evidence/ask-value.ts';
import { sealedProvenance } from '../rotation/provenance.ts';
import { probeOf } from '../rotation/probe-of.ts';
import { versionWith } from '../inventory/registration.ts';
import { isPendingOver } from '../rotation/pending-version.ts';
import { clearPending } from '../rotation/pending-version.ts';
import { load } from '../inventory/store.ts';
import type { Work } from '../open-token/context.ts';
import { sessionOf } from '../evidence/place.ts';

/**
 * How a return ended. `lapsed`: it must not become current any more, or what it was asked for has changed.
 * `why` goes on after "the credential".
 */
export type Restored =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'inactive' | 'unknown' | 'being revoked' | 'lapsed'; readonly why: string };

const WHY = {
  inactive: 'is rejected by its issuer',
  unknown: 'is not to be tested now',
  'being revoked': 'is being revoked by another token that holds it too',
} as const;

export type Obstacle = Exclude<Restored, { outcome: 'done' }>;

export async function obstacleTo(
  work: Work,
  seen: { claimed: Loaded; target: Credential; from: string | undefined },
  ports: Ports,
): Promise<Obstacle | undefined> {
  const { claimed, target, from } = seen;
  if ((await revokerOf(claimed.token, target, ports)) !== undefined)
    return { outcome: 'being revoked', why: WHY['being revoked'] };
  const probed = await probeTarget(work, target, ports);
  if (probed !== 'active') return { outcome: probed, why: WHY[probed] };
  await clearTheWay(work, { token: claimed.token, from }, ports);
  const { token } = await load(work.tokenId, ports);
  const one = credentialOf(token, target.id);
  const lapse = one === undefined ? 'is not on record any more' : lapseOf(token, one);
  if (lapse !== undefined) return { outcome: 'lapsed', why: lapse };
  const isOther =
    target.restoreFrom !== undefined && from !== credentialOf(token, target.restoreFrom)?.versionId;
  return isOther
    ? {
        outcome: 'lapsed',
        why: 'was to take the place of another version than the one that AWSCURRENT names now',
      }
    : undefined;
}

export function claimRestore(token: Token, wanted: string, now: number): Token {
  if (token.credentials.some((one) => one.state === 'rolling-back') || currentOf(token)?.id === wanted)
    return token;
  if (openAttempt(token))
    throw new KeyturnError(
      'bad-request',
      `A rotation of ${token.name} is under way: wait for it, or let it be aborted, then roll back.`,
    );
  const target = credentialOf(token, wanted);
  const unfit = target && unfitFor(token, target);
  if (unfit !== undefined)
    throw new KeyturnError(
      'bad-request',
      `The credential ${wanted} of ${token.name} ${unfit}: it is not made current again, rotate instead.`,
    );
  if (target?.state !== 'previous' || target.versionId === undefined)
    throw new KeyturnError(
      'bad-request',
      `The credential ${wanted} of ${token.name} cannot be made current again: only a previous one ` +
        'that is still active can. Rotate instead.',
    );
  return claimedRestore(token, target.id, now);
}

/** The token in whose record the credential is claimed for its end, if there is one. */
async function revokerOf(
  token: Token,
  target: Credential,
  ports: Pick<Ports, 'inventory'>,
): Promise<string | undefined> {
  if (isBeingRevoked(token, target, target.id)) return token.id;
  const byHandle =
    target.handle === undefined
      ? []
      : (await ports.inventory.holders(token.provider, target.handle)).map((one) => one.tokenId);
  const byValue = target.fingerprint === undefined ? [] : await ports.inventory.traced(target.fingerprint);
  for (const id of new Set([...byHandle, ...byValue])) {
    const other = id === token.id ? undefined : await ports.inventory.load(id);
    if (other && isBeingRevoked(other.token, target)) return id;
  }
  return undefined;
}

async function probeTarget(
  work: Work,
  target: Credential,
  ports: Ports,
): Promise<'active' | 'inactive' | 'unknown'> {
  const version = { secretArn: work.secret.arn, versionId: target.versionId ?? target.id, place: work.place };
  const held = await sealedProvenance(version, ports);
  if (!held) return 'inactive';
  const reach = held.reach ?? target.reach;
  if (reach === undefined)
    return (await askWhose(work.record.token, held, work.session, ports)).probe.outcome;
  const session = await sessionOf(work, { reach }, ports);
  return session ? (await probeOf(session, held)).outcome : 'unknown';
}

/**
 * Before the label moves: AWSPENDING would be left on a version that is not current, and Secrets Manager
 * would neither begin another rotation nor leave that one alone.
 */
async function clearTheWay(
  { secret }: Work,
  seen: { token: Token; from: string | undefined },
  ports: Ports,
): Promise<void> {
  const pending = versionWith(secret, 'AWSPENDING');
  if (pending !== undefined && (pending === seen.from || isPendingOver(seen.token, pending)))
    await clearPending(secret.arn, pending, ports);
}
