import { KeyturnError } from '../../core/basics/errors.ts';
import { tokenIdOf } from '../../core/basics/names.ts';
import { placeOf } from '../../core/secret-text/value-place.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import type { Registered } from './enroll.ts';
import { registered, underGrant } from '../inventory/registration.ts';
import { change, reasonOf } from '../inventory/store.ts';
import type { Registration } from '../../core/policy/read-tags.ts';
import { attemptOf, isUnderWay } from '../../core/token/lookups.ts';
import { createSecret } from './create-secret.ts';
import { describeUnderRotation, wasJustStarted } from './await-version.ts';
import { releasing } from './lease-attempt.ts';
import { withFirstError } from './give-up.ts';
import type { RotationEvent, Step } from './step.ts';
import { finishSecret, recordPromotion } from './finish-secret.ts';
import type { ReplaceValue } from './replace-value.ts';
import { setSecret } from './set-secret.ts';
import { testSecret } from './test-secret.ts';

export type { RotationEvent } from './step.ts';

/**
 * One step of a rotation, as Secrets Manager asks for it. Every step may come twice, late, or after a crash
 * of the one before. `provider` is the one this function was deployed for: a secret of another provider is
 * refused. Errors: any; Secrets Manager then repeats the whole rotation under the same ClientRequestToken.
 */
export async function rotate(event: RotationEvent, provider: string, ports: StepPorts): Promise<void> {
  const secret = await describeUnderRotation(event, ports);
  const run: Run = { event, tokenId: tokenIdOf(secret.arn), owner: ports.uuid() };
  try {
    const target = await openRegistered(secret, ports, { provider });
    await runStep({ ...target, ...run }, ports);
  } catch (error) {
    await noteFailure(run, error, ports);
    throw error;
  }
}

/** And how a value is made whose creation ends the one before. */
type StepPorts = Ports & { readonly replaceValue: ReplaceValue };

type Run = Pick<Step, 'event' | 'tokenId' | 'owner'>;

/**
 * Checks a secret's registration and opens its issuer; `last` is the policy on record. Errors: those of both.
 */
export async function openRegistered(
  secret: SecretDescription,
  ports: Ports,
  known: { readonly provider?: string; readonly last?: Policy | undefined } = {},
): Promise<Registered> {
  const { provider, last } = known;
  const registration = registered(secret, ports, last);
  if (provider !== undefined && registration.provider !== provider)
    throw new KeyturnError(
      'tag-invalid',
      `The secret ${secret.name} is tagged for the issuer "${registration.provider}", but this ` +
        `function rotates "${provider}": use the rotation function of its issuer.`,
    );
  return opened(secret, registration, ports);
}

/** Opens the issuer of a secret whose registration was checked. Errors: those of the issuer's adapter. */
export async function opened(
  secret: SecretDescription,
  registration: Registration,
  ports: Ports,
): Promise<Registered> {
  const session = await ports.issuers.open({
    provider: registration.provider,
    name: secret.name,
    admin: registration.admin,
  });
  const { descriptor } = ports.issuers.provider(registration.provider);
  return {
    secret,
    registration: underGrant(registration, descriptor, session.maxDays),
    session,
    place: placeOf(secret.tags, descriptor),
  };
}

async function runStep(step: Step, ports: StepPorts): Promise<void> {
  const { secret, event } = step;
  if (!secret.rotationEnabled)
    throw new KeyturnError(
      'rotation-disabled',
      `Rotation of ${secret.name} is switched off: switch it on, then rotate again.`,
    );
  const labels = secret.versions.get(event.requestToken);
  if (!labels && (await wasJustStarted(step, ports)))
    throw new KeyturnError(
      'not-visible-yet',
      `Secrets Manager does not show the version ${event.requestToken} of ${secret.name} yet, whose ` +
        'rotation began just now.',
    );
  if (!labels)
    throw new KeyturnError(
      'version-unknown',
      `The version ${event.requestToken} is no version of ${secret.name}.`,
    );
  if (labels.includes('AWSCURRENT')) return alreadyCurrent(step, ports);
  if (!labels.includes('AWSPENDING'))
    throw new KeyturnError(
      'version-unknown',
      `The version ${event.requestToken} of ${secret.name} is not pending: start the rotation again.`,
    );
  switch (event.step) {
    case 'createSecret':
      return createSecret(step, ports);
    case 'setSecret':
      return setSecret(step, ports);
    case 'testSecret':
      return testSecret(step, ports);
    case 'finishSecret':
      return finishSecret(step, ports);
  }
}

/** A version that is current already needs no step, only its record. */
async function alreadyCurrent(step: Step, ports: Ports): Promise<void> {
  const loaded = await ports.inventory.load(step.tokenId);
  if (!loaded) return;
  await recordPromotion(loaded, step, undefined, ports);
}

/**
 * Keeps the reason with the record and gives the lease back; a failure that will not pass by itself ends the
 * attempt. Runs on the way out of a failure, so its own failure must not hide the first one.
 */
async function noteFailure(run: Run, error: unknown, ports: Ports): Promise<void> {
  const known =
    error instanceof KeyturnError
      ? error
      : new KeyturnError('aws-failed', `The step ${run.event.step} failed unexpectedly.`);
  if (known.code === 'rotation-in-progress' || known.code === 'rotation-aborted' || known.code === 'conflict')
    return;
  const lasting = !known.rule.retry;
  try {
    await change(run.tokenId, ports, (token) => {
      const attempt = attemptOf(token, run.event.requestToken);
      if (!attempt || !isUnderWay(attempt)) return token;
      const noted = releasing(run, (one) => (lasting ? { ...one, inactive: true } : one))(token);
      return withFirstError(noted, attempt.id, known);
    });
  } catch (failure) {
    ports.log.warn('the failure of a step could not be recorded', {
      tokenId: run.tokenId,
      reason: reasonOf(failure),
    });
  }
}
