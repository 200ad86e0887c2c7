import { KeyturnError } from '../../core/basics/errors.ts';
import { moveCredential, withCredential } from '../../core/token/transitions.ts';
import { telling } from '../../core/token/telling.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { withProbe } from '../../core/validity/probes.ts';
import { currentOf, credentialOf } from '../../core/token/lookups.ts';
import type { Credential } from '../../core/token/credential.ts';
import type { Token } from '../../core/token/token.ts';
import { withdrawPermit } from '../revocation/permits.ts';
import { versionWith } from '../inventory/registration.ts';
import { change } from '../inventory/store.ts';
import { unpin, type Work } from '../open-token/context.ts';
import { asked } from '../evidence/signs.ts';
import { type Restored, type Obstacle, obstacleTo, claimRestore } from './restore-obstacle.ts';

/**
 * Makes a previous credential current again, while it is still active. Claimed by the same compare-and-swap
 * as a revoke, so that both cannot win; a rollback that was broken off is finished by the next call. Errors:
 * `bad-request` when there is nothing to go back to, or a rotation is under way.
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

/**
 * Makes the claimed credential current, if its issuer accepts it and no token is revoking it; else gives the
 * claim back. The claim is on record before others' records are read: whoever revokes the credential wrote
 * that before it read ours, so that one of the two sees the other. The record is read once more right before
 * the label moves: what leaked meanwhile, or is to be revoked, does not become current.
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
    activeAt: seen.now,
    validity: { at: seen.now, outcome: 'active' },
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
