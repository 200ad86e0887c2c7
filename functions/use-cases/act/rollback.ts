import { isBeingRevoked } from '../../core/claims.ts';
import { KeyturnError } from '../../core/errors.ts';
import { moveGeneration, telling, withGeneration } from '../../core/life.ts';
import type { Loaded, Ports } from '../../core/ports.ts';
import { withProbe } from '../../core/probes.ts';
import { currentOf, generationOf, openAttempt, type Generation, type Token } from '../../core/token.ts';
import { MINUTE } from '../../core/time.ts';
import { clearPending, isPendingOver } from '../pending.ts';
import { sealedProvenance } from '../provenance.ts';
import { versionWith } from '../registered.ts';
import { change } from '../store.ts';
import { unpin, type Work } from './context.ts';
import { asked } from './signs.ts';

/** The sweep finishes a rollback that was broken off after this long. */
export const LOOK_AGAIN = 10 * MINUTE;

/**
 * Makes a previous credential current again, while it still lives. Claimed by the same compare-and-swap as a revoke, so that both cannot win;
 * a rollback that was broken off is finished by the next call.
 * Errors: `bad-request` when there is nothing to go back to, or a rotation is under way.
 */
export async function rollback(work: Work, generationId: string, ports: Ports): Promise<void> {
  const claimed = await change(work.record, ports, (token) => claimRestore(token, generationId, ports.now()));
  const outcome = await finishRestore(work, claimed, ports);
  if (outcome === 'done') return;
  throw new KeyturnError('bad-request', `The previous credential of ${work.secret.name} is ${OUTCOMES[outcome]}: it was not made current.`);
}

type Restored = 'done' | keyof typeof OUTCOMES;

const OUTCOMES = {
  refused: 'refused by its issuer',
  unknown: 'not to be tested now',
  'being revoked': 'being revoked by another token that holds it too',
} as const;

/**
 * Makes the claimed generation current, if its issuer accepts it and nobody is revoking it; else gives the claim back. The claim is on record before others' records are read:
 * whoever revokes the credential wrote that before it read ours, so that one of the two sees the other.
 */
export async function finishRestore(work: Work, claimed: Loaded, ports: Ports): Promise<Restored> {
  const target = claimed.token.generations.find((one) => one.state === 'restoring');
  if (!target?.versionId) return 'done';
  const from = versionWith(work.secret, 'AWSCURRENT');
  if (from !== target.versionId) {
    const revoker = await revokerOf(claimed.token, target, ports);
    const outcome = revoker === undefined ? await probeTarget(work, target, ports) : 'being revoked';
    if (outcome !== 'alive') {
      await change(work.tokenId, ports, (token) => moveGeneration(token, target.id, 'release', { ...(outcome === 'being revoked' ? {} : asked(target, ports.now())), lookAt: undefined }));
      return outcome;
    }
    await clearTheWay(work, { token: claimed.token, from }, ports);
    await ports.secrets.moveLabel(work.secret.arn, 'AWSCURRENT', { from, to: target.versionId });
  }
  await change(work.tokenId, ports, (token) => restored(token, target.id, { now: ports.now(), by: work.by }));
  await unpin(work.secret.arn, target.versionId, ports);
  return 'done';
}

/** Before the label moves: AWSPENDING would be left on a version that is not current, and Secrets Manager would neither begin another rotation nor leave that one alone. */
async function clearTheWay({ secret }: Work, seen: { token: Token; from: string | undefined }, ports: Ports): Promise<void> {
  const pending = versionWith(secret, 'AWSPENDING');
  if (pending !== undefined && (pending === seen.from || isPendingOver(seen.token, pending))) await clearPending(secret.arn, pending, ports);
}

function claimRestore(token: Token, wanted: string, now: number): Token {
  if (token.generations.some((one) => one.state === 'restoring') || currentOf(token)?.id === wanted) return token;
  if (openAttempt(token)) throw new KeyturnError('bad-request', `A rotation of ${token.name} is under way: wait for it, or let it be aborted, then roll back.`);
  const target = generationOf(token, wanted);
  if (target?.state !== 'previous' || target.versionId === undefined || target.condemned)
    throw new KeyturnError('bad-request', `The credential ${wanted} of ${token.name} cannot be made current again: only a previous one that still lives can, else rotate.`);
  return moveGeneration(token, target.id, 'claim-restore', { lookAt: now + LOOK_AGAIN });
}

/** The token in whose record the credential is claimed for its end, if there is one. */
async function revokerOf(token: Token, target: Generation, ports: Pick<Ports, 'inventory'>): Promise<string | undefined> {
  if (isBeingRevoked(token, target, target.id)) return token.id;
  const byHandle = target.handle === undefined ? [] : (await ports.inventory.holders(token.provider, target.handle)).map((one) => one.tokenId);
  const byValue = target.fingerprint === undefined ? [] : await ports.inventory.traced(target.fingerprint);
  for (const id of new Set([...byHandle, ...byValue])) {
    const other = id === token.id ? undefined : await ports.inventory.load(id);
    if (other && isBeingRevoked(other.token, target)) return id;
  }
  return undefined;
}

async function probeTarget(work: Work, target: Generation, ports: Ports): Promise<'alive' | 'refused' | 'unknown'> {
  const version = { secretArn: work.secret.arn, versionId: target.versionId ?? target.id, place: work.place };
  const held = await sealedProvenance(version, ports);
  return held ? (await work.session.probe(held.value)).outcome : 'refused';
}

function restored(token: Token, id: string, seen: { now: number; by: string }): Token {
  const stepped = token.generations.filter((one) => one.state === 'current').reduce((doing, one) => moveGeneration(doing, one.id, 'supersede', { supersededAt: seen.now }), token);
  const back = moveGeneration(stepped, id, 'promote', { promotedAt: seen.now, supersededAt: undefined, lookAt: undefined });
  // What the issuer last said was said of another credential; this one it accepts.
  const used = withGeneration(back, id, (one) => withProbe(one, seen.now));
  const known: Token = { ...used, aliveAt: seen.now, pulse: { at: seen.now, outcome: 'alive' }, refusedSince: undefined };
  const kept = token.withdrawn?.generationId === id ? { ...known, withdrawn: undefined } : known;
  return telling(kept, { what: 'rolled-back', about: `${id}/${seen.now}`, detail: `version ${id} is current again`, by: seen.by, at: seen.now });
}
