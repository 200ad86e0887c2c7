import { isBeingRevoked } from '../../core/revocation/claims.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { claimedRestore, lapseOf, unfitFor } from '../../core/token/intents.ts';
import { moveCredential, telling, withCredential } from '../../core/token/transitions.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { withProbe } from '../../core/validity/probes.ts';
import { currentOf, credentialOf, openAttempt, type Credential, type Token } from '../../core/token/token.ts';
import { clearPending, isPendingOver } from '../rotation/pending-version.ts';
import { askWhose } from '../evidence/ask-value.ts';
import { sealedProvenance } from '../rotation/provenance.ts';
import { withdrawPermit } from '../revocation/permits.ts';
import { versionWith } from '../inventory/registration.ts';
import { change, load } from '../inventory/store.ts';
import { unpin, type Work } from '../open-token/context.ts';
import { sessionOf } from '../evidence/place.ts';
import { asked } from '../evidence/signs.ts';

/**
 * Makes a previous credential current again, while it still lives. Claimed by the same compare-and-swap as a revoke, so that both cannot win;
 * a rollback that was broken off is finished by the next call.
 * Errors: `bad-request` when there is nothing to go back to, or a rotation is under way.
 */
export async function rollback(work: Work, credentialId: string, ports: Ports): Promise<void> {
  const restored = await restore(work, credentialId, ports);
  if (restored.outcome === 'done') return;
  throw new KeyturnError(
    'bad-request',
    `The previous credential of ${work.secret.name} ${restored.why}: it was not made current.`,
  );
}

/** The same, for whoever goes on in another way where it cannot be done. */
export async function restore(work: Work, credentialId: string, ports: Ports): Promise<Restored> {
  const claimed = await change(work.record, ports, (token) => claimRestore(token, credentialId, ports.now()));
  return finishRestore(work, claimed, ports);
}

/** How a return ended. `lapsed`: it must not become current any more, or what it was asked for has changed. `why` goes on after "the credential". */
export type Restored =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'refused' | 'unknown' | 'being revoked' | 'lapsed'; readonly why: string };

const WHY = {
  refused: 'is refused by its issuer',
  unknown: 'is not to be tested now',
  'being revoked': 'is being revoked by another token that holds it too',
} as const;

/**
 * Makes the claimed generation current, if its issuer accepts it and nobody is revoking it; else gives the claim back. The claim is on record before others' records are read:
 * whoever revokes the credential wrote that before it read ours, so that one of the two sees the other. The record is read once more right before the label moves: what leaked
 * meanwhile, or is to die, does not become current.
 */
export async function finishRestore(work: Work, claimed: Loaded, ports: Ports): Promise<Restored> {
  const target = claimed.token.credentials.find((one) => one.state === 'rolling-back');
  if (!target?.versionId) return { outcome: 'done' };
  // A claim for its end that was permitted, and that this return was faster than.
  await withdrawPermit(work.tokenId, 'claim', target.id, ports);
  const from = versionWith(work.secret, 'AWSCURRENT');
  if (from !== target.versionId) {
    const obstacle = await obstacleTo(work, { claimed, target, from }, ports);
    if (obstacle) return giveBack(work, target, obstacle, ports);
    await ports.secrets.moveLabel(work.secret.arn, 'AWSCURRENT', { from, to: target.versionId });
  }
  await change(work.tokenId, ports, (token) => restored(token, target.id, { now: ports.now(), by: work.by }));
  await unpin(work.secret.arn, target.versionId, ports);
  return { outcome: 'done' };
}

type Obstacle = Exclude<Restored, { outcome: 'done' }>;

async function obstacleTo(
  work: Work,
  seen: { claimed: Loaded; target: Credential; from: string | undefined },
  ports: Ports,
): Promise<Obstacle | undefined> {
  const { claimed, target, from } = seen;
  if ((await revokerOf(claimed.token, target, ports)) !== undefined)
    return { outcome: 'being revoked', why: WHY['being revoked'] };
  const probed = await probeTarget(work, target, ports);
  if (probed !== 'alive') return { outcome: probed, why: WHY[probed] };
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

async function giveBack(work: Work, target: Credential, obstacle: Obstacle, ports: Ports): Promise<Obstacle> {
  await change(work.tokenId, ports, (token) =>
    moveCredential(token, target.id, 'release', {
      ...(obstacle.outcome === 'being revoked' ? {} : asked(target, ports.now())),
      lookAt: undefined,
      restoreFrom: undefined,
      returnFailedAt: ports.now(),
    }),
  );
  return obstacle;
}

/** Before the label moves: AWSPENDING would be left on a version that is not current, and Secrets Manager would neither begin another rotation nor leave that one alone. */
async function clearTheWay(
  { secret }: Work,
  seen: { token: Token; from: string | undefined },
  ports: Ports,
): Promise<void> {
  const pending = versionWith(secret, 'AWSPENDING');
  if (pending !== undefined && (pending === seen.from || isPendingOver(seen.token, pending)))
    await clearPending(secret.arn, pending, ports);
}

function claimRestore(token: Token, wanted: string, now: number): Token {
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
      `The credential ${wanted} of ${token.name} cannot be made current again: only a previous one that still lives can, else rotate.`,
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
): Promise<'alive' | 'refused' | 'unknown'> {
  const version = { secretArn: work.secret.arn, versionId: target.versionId ?? target.id, place: work.place };
  const held = await sealedProvenance(version, ports);
  if (!held) return 'refused';
  const reach = held.reach ?? target.reach;
  if (reach === undefined)
    return (await askWhose(work.record.token, held, work.session, ports)).probe.outcome;
  const session = await sessionOf(work, { reach }, ports);
  return session ? (await session.probe(held.value)).outcome : 'unknown';
}

function restored(token: Token, id: string, seen: { now: number; by: string }): Token {
  const stepped = token.credentials
    .filter((one) => one.state === 'current')
    .reduce((doing, one) => moveCredential(doing, one.id, 'supersede', { supersededAt: seen.now }), token);
  const back = moveCredential(stepped, id, 'promote', {
    promotedAt: seen.now,
    supersededAt: undefined,
    lookAt: undefined,
  });
  // What the issuer last said was said of another credential; this one it accepts.
  const used = withCredential(back, id, (one) => withProbe(one, seen.now));
  const moved = {
    from: currentOf(token)?.versionId,
    to: credentialOf(token, id)?.versionId ?? id,
    at: seen.now,
  };
  const known: Token = {
    ...used,
    moved,
    aliveAt: seen.now,
    validity: { at: seen.now, outcome: 'alive' },
    refusedSince: undefined,
  };
  const kept = token.withdrawn?.credentialId === id ? { ...known, withdrawn: undefined } : known;
  return telling(kept, {
    what: 'rolled-back',
    about: id,
    detail: `version ${id} is current again`,
    by: seen.by,
    at: seen.now,
  });
}
