import { KeyturnError } from '../../core/basics/errors.ts';
import { openedAttempt, withAttempt } from '../../core/token/transitions.ts';
import { telling } from '../../core/token/telling.ts';
import { requestTokenOf } from '../../core/basics/names.ts';
import { Overlap } from '../../core/policy/policy.ts';
import { TAGS } from '../../core/policy/tags.ts';
import { whyNotReplaced } from '../../core/rotation/replacement.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Cause } from '../../core/token/attempt.ts';
import type { Token } from '../../core/token/token.ts';
import type { Instant } from '../../core/basics/time.ts';
import { ATTEMPT_TIME } from './lease-attempt.ts';
import { change, type StorePorts } from '../inventory/store.ts';

/**
 * Opens an attempt in a record. Its id comes from the token, the reason and how often it failed, so that two
 * sweeps that see the same reason ask for the same rotation, and a repeat after a failure asks for another
 * one; unless the wish brings an id of its own.
 */
export function withNewAttempt(
  token: Token,
  wish: { wishedAt: Instant; cause: Cause; waitsFor?: string; id?: string },
  now: Instant,
  by: string,
): { token: Token; attemptId: string } {
  const last = token.attempts.at(-1)?.id ?? '';
  const attemptId =
    wish.id ?? requestTokenOf(token.id, `${wish.cause}\n${wish.wishedAt}\n${token.failures}\n${last}`);
  const opened = openedAttempt(token, {
    id: attemptId,
    cause: wish.cause,
    openedAt: now,
    deadline: now + ATTEMPT_TIME,
  });
  const told = telling(opened, {
    what: 'rotation-started',
    about: attemptId,
    detail:
      'cause: ' +
      `${wish.cause}${wish.waitsFor === undefined ? '' : `, no longer waiting for ${wish.waitsFor}`}`,
    by,
    at: now,
  });
  return { token: told, attemptId };
}

type StartPorts = StorePorts & Pick<Ports, 'secrets'>;

/**
 * Asks Secrets Manager for the rotation of an attempt that is on record. A definite no ends the attempt;
 * anything else is left to its deadline.
 */
export async function startRotation(token: Token, attemptId: string, ports: StartPorts): Promise<boolean> {
  let isAskedFor = false;
  try {
    await requireStartable(token, ports);
    isAskedFor = true;
    await ports.secrets.startRotation(token.secretArn, attemptId);
    return true;
  } catch (error) {
    const known =
      error instanceof KeyturnError
        ? error
        : new KeyturnError('aws-failed', `Secrets Manager did not start the rotation of ${token.name}.`, {
            cause: error,
          });
    const lastError = { code: known.code, message: known.message, lasting: !known.rule.retry };
    const isUnanswered = known.code === 'aws-failed';
    if (known.code === 'conflict' || (isUnanswered && !isAskedFor))
      return neverBegan(token, attemptId, lastError, ports);
    const isDefinite = !isUnanswered;
    await change(token.id, ports, (one) => ({
      ...withAttempt(one, attemptId, (attempt) => (isDefinite ? { ...attempt, inactive: true } : attempt)),
      lastError,
    }));
    return false;
  }
}

/**
 * An earlier rotation is not over, or ours was never asked for. It never began, so it leaves no trace; the
 * secret is inspected at once to find out whose the other is.
 */
async function neverBegan(
  token: Token,
  attemptId: string,
  lastError: Token['lastError'],
  ports: StorePorts,
): Promise<false> {
  await change(token.id, ports, (one) => ({
    ...one,
    attempts: one.attempts.filter((attempt) => attempt.id !== attemptId),
    inspectedAt: undefined,
    lastError,
  }));
  return false;
}

/**
 * RotateSecret would switch rotation on again (Secrets Manager API Reference, "RotateSecret"); whoever
 * switched it off had a reason. Where a creation ends the current value, the tags as they are now have to
 * permit it before anything is asked for. Errors: `rotation-disabled`; `overlap-missing`.
 */
async function requireStartable(token: Token, ports: StartPorts): Promise<void> {
  const { rotationEnabled, tags } = await ports.secrets.describe(token.secretArn);
  const overlap = Overlap.safeParse(tags.get(TAGS.overlap)).data ?? 'kept';
  const asTagged = { ...token, policy: { ...token.policy, overlap } };
  const missing = whyNotReplaced(asTagged, ports.descriptor(token.provider) ?? {});
  if (missing !== undefined) throw new KeyturnError('overlap-missing', missing);
  if (rotationEnabled) return;
  throw new KeyturnError(
    'rotation-disabled',
    `Rotation of ${token.name} is switched off, or it has no rotation function: attach the function of ` +
      'its provider, or switch rotation on again.',
  );
}
