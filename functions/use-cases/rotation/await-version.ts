import { KeyturnError } from '../../core/basics/errors.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import { mayBeUnseen } from '../../core/token/staleness.ts';
import { SECOND, type Millis } from '../../core/basics/time.ts';
import { attemptOf, isUnderWay } from '../../core/token/lookups.ts';
import { isRegisteredHere } from '../inventory/registration.ts';
import type { RotationEvent, Step } from './step.ts';

const LOOK_EVERY: Millis = 3 * SECOND;
/**
 * Waiting in the step is better than a failed one: when Secrets Manager tries a rotation again is not
 * documented.
 */
const PATIENCE: Millis = 75 * SECOND;
/** What is kept back of the invocation's time for the step itself. */
const RESERVE: Millis = 60 * SECOND;

/**
 * The secret, as soon as its description shows the version under rotation: Secrets Manager calls the first
 * step right after it made that version, and is eventually consistent. After a while the description as it
 * is, and at once that of a secret which is not registered here. Errors: `not-found`, `aws-failed`.
 */
export async function describeUnderRotation(event: RotationEvent, ports: Ports): Promise<SecretDescription> {
  for (const from = ports.now(); ; await ports.sleep(LOOK_EVERY)) {
    const secret = await described(event.secretArn, ports);
    const isOver = ports.now() - from >= PATIENCE || ports.timeLeft() < RESERVE;
    if (secret instanceof KeyturnError) {
      if (isOver) throw secret;
    } else if (isOver || secret.versions.has(event.requestToken) || !isRegisteredHere(secret, ports))
      return secret;
  }
}

async function described(secretArn: string, ports: Ports): Promise<SecretDescription | KeyturnError> {
  try {
    return await ports.secrets.describe(secretArn);
  } catch (error) {
    if (error instanceof KeyturnError && error.code === 'not-found') return error;
    throw error;
  }
}

/** Whether the attempt is so young that its version may not be seen yet. */
export async function wasJustStarted(step: Step, ports: Ports): Promise<boolean> {
  const token = (await ports.inventory.load(step.tokenId))?.token;
  const attempt = token && attemptOf(token, step.event.requestToken);
  return attempt !== undefined && isUnderWay(attempt) && mayBeUnseen(attempt.openedAt, ports.now());
}
