import { KeyturnError } from '../../core/basics/errors.ts';
import { openedAttempt, withAttempt } from '../../core/token/transitions.ts';
import { telling } from '../../core/token/telling.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import type { Attempt } from '../../core/token/attempt.ts';
import { attemptOf, credentialOf, isUnderWay } from '../../core/token/lookups.ts';
import type { Token } from '../../core/token/token.ts';
import { MINUTE, type Millis } from '../../core/basics/time.ts';
import { enrol } from './enroll.ts';
import { sealedProvenance } from './provenance.ts';
import { change } from '../inventory/store.ts';
import { type Step, attemptIn } from './step.ts';

/**
 * After this long an attempt is settled: recorded or aborted. Longer than Secrets Manager's first retries
 * need, shorter than two sweeps.
 */
export const ATTEMPT_TIME: Millis = 25 * MINUTE;

/**
 * Makes sure that the attempt is on record before anything is done, and that no other invocation works on it.
 * A rotation that the sweep did not start is Secrets Manager's own schedule or a person in the console; a
 * record lost with the table is made anew. `andThen` changes the record in the same save. Errors:
 * `rotation-in-progress`, `rotation-aborted`, and those of `andThen`.
 */
export async function leaseAttempt(
  step: Step,
  ports: Ports,
  andThen: (token: Token) => Token = (same) => same,
): Promise<Loaded> {
  const record = (await ports.inventory.load(step.tokenId)) ?? (await enrol(step, ports));
  requireNew(record.token, step);
  const now = ports.now();
  const lost = attemptOf(record.token, step.event.requestToken) ? [] : await recoverMint(step, ports);
  return change(record, ports, (token) => {
    requireNotEnded(token);
    const known = attemptOf(token, step.event.requestToken);
    const opened = known ? token : recovered(startedElsewhere(token, step, now), step, lost);
    return andThen(leased(opened, step, { now, until: now + ports.timeLeft() }));
  });
}

/**
 * A version whose credential was one of the token's before, as one that was rolled back, or was set aside, is
 * not made current by a rotation: Secrets Manager may take up its AWSPENDING again. Error:
 * `rotation-aborted`.
 */
function requireNew(token: Token, step: Step): void {
  const { requestToken } = step.event;
  const isKnown =
    attemptOf(token, requestToken) !== undefined || credentialOf(token, requestToken) === undefined;
  if (!isKnown)
    throw new KeyturnError(
      'rotation-aborted',
      `The rotation ${requestToken} of ${step.secret.name} was over before; its version is not made ` +
        'current again.',
    );
}

/**
 * What a person ended gets no new credential; who switches its rotation on again takes it back at the next
 * pass of reconcile.
 */
function requireNotEnded(token: Token): void {
  if (!token.ending) return;
  const end = token.ending.kind === 'retire' ? 'was ended by a person' : 'was let go by a person';
  throw new KeyturnError(
    'not-rotatable',
    `The token ${token.name} ${end}: it is taken back within the hour after its rotation is switched ` +
      'on; rotate it then.',
  );
}

function startedElsewhere(token: Token, step: Step, now: number): Token {
  const attempt = {
    id: step.event.requestToken,
    cause: 'console',
    openedAt: now,
    deadline: now + ATTEMPT_TIME,
  } as const;
  const detail = 'started by Secrets Manager or in the console';
  return telling(openedAttempt(token, attempt), {
    what: 'rotation-started',
    about: attempt.id,
    detail,
    by: 'secretsmanager',
    at: now,
  });
}

/**
 * When the pending version already holds a value under our seal and no record of it is left, the seal tells
 * what was created.
 */
async function recoverMint(step: Step, ports: Ports): Promise<Attempt['mints']> {
  const proof = await sealedProvenance(
    { secretArn: step.secret.arn, versionId: step.event.requestToken, place: step.place },
    ports,
  );
  if (proof?.origin !== 'minted') return [];
  return [
    {
      at: ports.now(),
      handle: proof.handle,
      fingerprint: proof.fingerprint,
      expiresAt: proof.expiresAt,
      ...(proof.reach && { reach: proof.reach }),
    },
  ];
}

function recovered(token: Token, step: Step, mints: Attempt['mints']): Token {
  return mints.length === 0
    ? token
    : withAttempt(token, step.event.requestToken, (attempt) => ({ ...attempt, mints }));
}

function leased(token: Token, step: Step, lease: { now: number; until: number }): Token {
  const attempt = attemptIn(token, step);
  if (!isUnderWay(attempt) || attempt.state === 'aborting' || attempt.inactive)
    throw new KeyturnError(
      'rotation-aborted',
      `The rotation ${attempt.id} of ${step.secret.name} is over (${attempt.state}); nothing more is ` +
        'done for it.',
    );
  const taken =
    attempt.leaseOwner !== undefined &&
    attempt.leaseOwner !== step.owner &&
    (attempt.leaseUntil ?? 0) > lease.now;
  if (taken)
    throw new KeyturnError(
      'rotation-in-progress',
      `Another run works on the rotation ${attempt.id} of ${step.secret.name}.`,
    );
  return withAttempt(token, attempt.id, (one) => ({
    ...one,
    leaseOwner: step.owner,
    leaseUntil: lease.until,
  }));
}

/**
 * Nothing is made under an attempt that ended, or that another run holds by now. Error: `rotation-aborted`.
 */
export function requireHeld(attempt: Attempt, step: Step): void {
  if (isUnderWay(attempt) && attempt.state !== 'aborting' && attempt.leaseOwner === step.owner) return;
  throw new KeyturnError(
    'rotation-aborted',
    `The rotation ${attempt.id} of ${step.secret.name} is over (${attempt.state}); nothing more is ` +
      'done for it.',
  );
}

/**
 * Gives the lease back together with a last change, so that the next step need not wait for it to run out.
 */
export function releasing(
  step: Pick<Step, 'event' | 'owner'>,
  apply: (attempt: Attempt) => Attempt = (same) => same,
): (token: Token) => Token {
  return (token) =>
    withAttempt(token, step.event.requestToken, (attempt) => {
      if (attempt.leaseOwner !== step.owner) return apply(attempt);
      const { leaseOwner: _owner, leaseUntil: _until, ...free } = apply(attempt);
      return free;
    });
}
