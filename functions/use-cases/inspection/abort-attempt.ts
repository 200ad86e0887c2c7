import { moveAttempt } from '../../core/token/transitions.ts';
import { telling } from '../../core/token/telling.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { attemptOf, credentialOf, isUnderWay } from '../../core/token/lookups.ts';
import type { Credential } from '../../core/token/credential.ts';
import type { Token } from '../../core/token/token.ts';
import { clearPending } from '../rotation/pending-version.ts';
import { change } from '../inventory/store.ts';
import { setAside, stagedValue } from './set-aside.ts';
import { pin, type SecretWork } from '../open-token/context.ts';
import { isLeased, isOver } from './attempt-times.ts';
import { recordLate } from './late-promotion.ts';
import { withOld } from './installed-value.ts';

/**
 * The claim comes first: once it is on record no step of the rotation goes on. Then the label, so that a new
 * rotation can start.
 */
export async function abort(work: SecretWork, attemptId: string, ports: Ports): Promise<void> {
  const now = ports.now();
  const claimed = await change(work.tokenId, ports, (token) => {
    const attempt = attemptOf(token, attemptId);
    const mayAbort = attempt && isUnderWay(attempt) && isOver(attempt, now) && !isLeased(attempt, now);
    return mayAbort ? moveAttempt(token, attemptId, 'claim-abort') : token;
  });
  if (attemptOf(claimed.token, attemptId)?.state !== 'aborting') return;
  const secret = await ports.secrets.describe(work.secret.arn);
  const labels = secret.versions.get(attemptId) ?? [];
  if (labels.includes('AWSCURRENT')) return recordLate({ ...work, secret }, attemptId, ports);
  const staged = await giveUpValue({ ...work, secret }, claimed.token, attemptId, ports);
  if (labels.includes('AWSPENDING')) await clearPending(secret.arn, attemptId, ports);
  const isByPerson = ports.descriptor(claimed.token.provider)?.value === 'person';
  await change(work.tokenId, ports, (token) =>
    aborted(token, attemptId, { now, by: work.by, staged, isByPerson }),
  );
}

/**
 * What the pending version holds stays readable: until it is verified as inactive, or, where a person staged
 * it, for that person.
 */
async function giveUpValue(
  work: SecretWork,
  token: Token,
  attemptId: string,
  ports: Ports,
): Promise<Credential | undefined> {
  const attempt = attemptOf(token, attemptId);
  if (!attempt || (await ports.secrets.read(work.secret.arn, attemptId)) === undefined) return undefined;
  const staged = credentialOf(token, attemptId)
    ? undefined
    : await stagedValue(work, { token, attempt }, ports);
  if (staged) await setAside(work.secret, attemptId, ports);
  else await pin(work.secret, attemptId, ports);
  return staged;
}

function aborted(
  token: Token,
  attemptId: string,
  seen: { now: number; by: string; staged: Credential | undefined; isByPerson: boolean },
): Token {
  const attempt = attemptOf(token, attemptId);
  if (attempt?.state !== 'aborting') return token;
  const ended = withOld(
    moveAttempt(token, attemptId, 'abort', { endedAt: seen.now, tidy: false }),
    seen.staged,
  );
  const isHalted = attempt.halted === true;
  const tried = withoutTrialsProblem(ended, attemptId);
  // An answer from before its end shows the label once more, and so does a hand that puts it back: that is no
  // second failure.
  const isAgain = attempt.endedAt !== undefined;
  const isNoFailure = isHalted || isAgain || (seen.staged !== undefined && attempt.cause === 'console');
  const counted = isNoFailure ? tried : { ...tried, failures: token.failures + 1, failedAt: seen.now };
  const why = seen.staged
    ? `somebody else had stored the value of the version ${attemptId}, which was set aside`
    : isHalted
      ? haltedText(token, attempt.mints.length === 0 && seen.isByPerson)
      : (token.lastError?.message ?? 'it did not end in time');
  return telling(counted, {
    what: 'rotation-aborted',
    about: attemptId,
    detail: why,
    by: seen.by,
    at: seen.now,
  });
}

function haltedText(token: Token, isWithoutValue: boolean): string {
  if (isWithoutValue) return 'no value was submitted for it';
  return token.lostMint?.storableAt === undefined
    ? 'a credential leaked meanwhile, and a new rotation begins'
    : 'it has shown that the secret can be written again, and a new rotation begins';
}

/** What the given-up admin credential could not revoke, the current one can: at once. */
function withoutTrialsProblem(token: Token, attemptId: string): Token {
  return {
    ...token,
    credentials: token.credentials.map((one) =>
      one.trialOf === attemptId && one.state === 'revoking'
        ? { ...one, lookAt: undefined, problem: undefined }
        : one,
    ),
  };
}
