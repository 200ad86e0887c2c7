import { moveAttempt, openedAttempt, withAttempt } from '../../core/token/transitions.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { attemptOf } from '../../core/token/lookups.ts';
import { ifUnderstood, sealedProvenance } from '../rotation/provenance.ts';
import { clearPending, isPendingOver } from '../rotation/pending-version.ts';
import { versionWith } from '../inventory/registration.ts';
import { ATTEMPT_TIME } from '../rotation/lease-attempt.ts';
import { change } from '../inventory/store.ts';
import type { Work } from '../open-token/context.ts';

/**
 * An AWSPENDING that no attempt names blocks every rotation: it gets an attempt, whose deadline then clears
 * it. An aborted one that came back is aborted again. One with the current value belongs to a rotation that
 * only tests.
 */
export async function adoptDangling(work: Work, ports: Ports): Promise<Loaded> {
  const pending = versionWith(work.secret, 'AWSPENDING');
  if (pending === undefined || pending === versionWith(work.secret, 'AWSCURRENT')) return work.record;
  if (isPendingOver(work.record.token, pending)) {
    await clearPending(work.secret.arn, pending, ports);
    return work.record;
  }
  if (attemptOf(work.record.token, pending))
    return change(work.record, ports, (token) => moveAttempt(token, pending, 'abort-again', { tidy: false }));
  const proof = await ifUnderstood(
    sealedProvenance({ secretArn: work.secret.arn, versionId: pending, place: work.place }, ports),
  );
  if (proof && (await isOfTest(work, proof, ports))) return work.record;
  const now = ports.now();
  // Only our seal tells that a value is ours: any other was put there by somebody, and no rotation uses it.
  const ours = proof?.origin === 'minted' ? proof : undefined;
  const mint = {
    at: now,
    ...(ours && { fingerprint: ours.fingerprint }),
    ...(ours?.handle !== undefined && { handle: ours.handle }),
  };
  return change(work.record, ports, (token) => {
    if (attemptOf(token, pending)) return token;
    const opened = openedAttempt(token, {
      id: pending,
      cause: 'console',
      openedAt: now,
      deadline: now + ATTEMPT_TIME,
    });
    return withAttempt(opened, pending, (attempt) => ({ ...attempt, mints: [mint] }));
  });
}

/**
 * A rotation that only tests makes a pending version with the current value and takes it away again. One that
 * stayed gets in the way of the next rotation.
 */
async function isOfTest(work: Work, pending: { fingerprint: string }, ports: Ports): Promise<boolean> {
  const current = versionWith(work.secret, 'AWSCURRENT');
  if (current === undefined || work.record.token.lastError?.code === 'conflict') return false;
  const held = await sealedProvenance(
    { secretArn: work.secret.arn, versionId: current, place: work.place },
    ports,
  );
  return held?.fingerprint === pending.fingerprint;
}
