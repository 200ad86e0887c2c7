import { KeyturnError } from '../../core/basics/errors.ts';
import { unfitAttempt } from '../../core/token/intents.ts';
import { moveAttempt } from '../../core/token/transitions.ts';
import { promoted } from '../../core/token/promotion.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import type { Attempt } from '../../core/token/attempt.ts';
import { versionWith } from '../inventory/registration.ts';
import { change, load } from '../inventory/store.ts';
import { attemptIn, type Step } from './step.ts';
import { leaseAttempt } from './lease-attempt.ts';

/**
 * The last step: moves AWSCURRENT by compare-and-swap, then records it. The claim comes first, so that an
 * abort and a promotion cannot both win. Secrets Manager may never call again after the move: the sweep
 * records what it finds.
 */
export async function finishSecret(step: Step, ports: Ports): Promise<void> {
  const leased = await leaseAttempt(step, ports, (token) => {
    requireProven(attemptIn(token, step), step);
    return moveAttempt(token, step.event.requestToken, 'claim-promote', { promotingAt: ports.now() });
  });
  await watchHealth(step, ports);
  const from = versionWith(step.secret, 'AWSCURRENT');
  await requireStillWanted(step, ports);
  await ports.secrets.moveLabel(step.secret.arn, 'AWSCURRENT', { from, to: step.event.requestToken });
  await recordPromotion(leased, step, from, ports);
}

/**
 * Right before the move: a leak, an abort or the end of the token may have come since the promotion was
 * claimed. Error: `rotation-aborted`.
 */
async function requireStillWanted(step: Step, ports: Ports): Promise<void> {
  const { token } = await load(step.tokenId, ports);
  const attempt = attemptIn(token, step);
  const unfit = unfitAttempt(token, attempt);
  if (unfit !== undefined)
    throw new KeyturnError(
      'rotation-aborted',
      `The rotation ${attempt.id} of ${step.secret.name} is not finished: ${unfit}.`,
    );
  requireProven(attempt, step);
}

/**
 * Before the move, so that a signal finds the token whenever the promotion is recorded. What is left of a
 * promotion that never came names a credential that is not current.
 */
async function watchHealth(step: Step, ports: Ports): Promise<void> {
  const { provider, policy } = step.registration;
  const from = ports.now();
  for (const signal of policy.healthSignals)
    await ports.inventory.watch(signal, {
      tokenId: step.tokenId,
      provider,
      credentialId: step.event.requestToken,
      from,
      until: from + policy.bakeTime,
    });
}

/**
 * A promotion needs a credential that its issuer was seen to accept, and whose handle is known: what cannot
 * be revoked later must not become current.
 */
function requireProven(attempt: Attempt, step: Step): void {
  if (
    attempt.testedAt !== undefined &&
    attempt.mints.some((mint) => mint.handle !== undefined && mint.trial !== true)
  )
    return;
  throw new KeyturnError(
    'credential-not-active-yet',
    `The rotation ${attempt.id} of ${step.secret.name} has no credential that was tested: createSecret ` +
      'and testSecret have to come first.',
  );
}

/** Writes down that the version under rotation is current; doing it again changes nothing. */
export async function recordPromotion(
  from: string | Loaded,
  step: Step,
  oldVersion: string | undefined,
  ports: Ports,
): Promise<void> {
  await change(from, ports, (token) =>
    promoted(token, step.event.requestToken, { oldVersion, now: ports.now(), by: 'keyturn' }),
  );
}
