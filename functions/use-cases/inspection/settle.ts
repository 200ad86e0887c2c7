import { withAttempt } from '../../core/token/transitions.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import type { Attempt } from '../../core/token/attempt.ts';
import { attemptOf, credentialOf, isUnderWay } from '../../core/token/lookups.ts';
import { clearPending } from '../rotation/pending-version.ts';
import { change, load } from '../inventory/store.ts';
import type { SecretWork } from '../open-token/context.ts';
import { creationEnds } from '../../core/issuer/issuer-facts.ts';
import { goForward } from './go-forward.ts';
import { isLeased, isMoveUnseen, isOver } from './attempt-times.ts';
import { recordLate, recordSuperseded } from './late-promotion.ts';
import { abort } from './abort-attempt.ts';
import { recordForRevocationAll, lostMints } from './lost-creations.ts';
import { unprovenValue, withOld, pinWhatLives } from './installed-value.ts';

/**
 * Brings an attempt to its end: records a promotion that was never recorded, aborts what is over, and
 * accounts for every credential it made. The issuer is asked only when a creation was never answered: an
 * attempt can be aborted although nothing is granted any more.
 */
export async function settle(work: SecretWork, attemptId: string, ports: Ports): Promise<void> {
  const loaded = work.record;
  const attempt = attemptOf(loaded.token, attemptId);
  if (!attempt || (attempt.tidy && !isUnderWay(attempt))) return;
  if (!isUnderWay(attempt)) return tidy(work, loaded, attempt, ports);
  await conclude(work, { attempt, isCredential: credentialOf(loaded.token, attemptId) !== undefined }, ports);
  const concluded = await load(work.tokenId, ports);
  const ended = attemptOf(concluded.token, attemptId);
  const secret = await ports.secrets.describe(work.secret.arn);
  if (ended && !isUnderWay(ended)) await tidy({ ...work, secret }, concluded, ended, ports);
}

/** Decides from the staging labels alone how an attempt ended, and ends it. */
async function conclude(
  work: SecretWork,
  seen: { attempt: Attempt; isCredential: boolean },
  ports: Ports,
): Promise<void> {
  const now = ports.now();
  const attempt = seen.attempt;
  if (isLeased(attempt, now) || isMoveUnseen(attempt, now)) return;
  const labels = work.secret.versions.get(attempt.id) ?? [];
  if (labels.includes('AWSCURRENT')) return recordLate(work, attempt.id, ports);
  const wasPromoted =
    labels.includes('AWSPREVIOUS') ||
    seen.isCredential ||
    (attempt.state === 'promoting' && !labels.includes('AWSPENDING'));
  if (wasPromoted && attempt.state !== 'aborting') return recordSuperseded(work, attempt.id, ports);
  if (!isOver(attempt, now)) return;
  const isGivenUp = (await goForward(work, attempt, ports)) === 'nothing to finish';
  if (isGivenUp) await abort(work, attempt.id, ports);
}

/**
 * Accounts for what an ended attempt made: all that did not become a credential on record is recorded for
 * revocation. Needs the issuer; repeated until it answers.
 */
async function tidy(work: SecretWork, loaded: Loaded, attempt: Attempt, ports: Ports): Promise<void> {
  await clearLeftover(work, attempt, ports);
  const lost = await lostMints(work, { token: loaded.token, attempt }, ports);
  const left =
    lost.length > 0 ? undefined : await unprovenValue(work, { token: loaded.token, attempt }, ports);
  const isStored = attempt.state === 'aborted' && (await mayHold(work.secret, attempt.id, ports));
  // Where a creation ends what was made before, nothing is left to revoke.
  const isEnded = creationEnds(ports.descriptor(loaded.token.provider));
  const made = isEnded ? { ...attempt, mints: [] } : attempt;
  const { token: saved } = await change(loaded, ports, (token) =>
    withAttempt(
      withOld(recordForRevocationAll(token, made, { lost, isStored, at: ports.now() }), left),
      attempt.id,
      (one) => ({ ...one, tidy: true }),
    ),
  );
  await pinWhatLives(work, saved, attempt.id, ports);
}

/** What cannot be read at present may come back. */
async function mayHold(secret: SecretDescription, versionId: string, ports: Ports): Promise<boolean> {
  return secret.deletedAt !== undefined || (await ports.secrets.read(secret.arn, versionId)) !== undefined;
}

/** A version that was promoted and is current no more has no rotation to come. */
async function clearLeftover({ secret }: SecretWork, attempt: Attempt, ports: Ports): Promise<void> {
  const labels = secret.versions.get(attempt.id) ?? [];
  if (attempt.state === 'promoted' && labels.includes('AWSPENDING') && !labels.includes('AWSCURRENT'))
    await clearPending(secret.arn, attempt.id, ports);
}
