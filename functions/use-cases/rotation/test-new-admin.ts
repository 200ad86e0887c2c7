import { KeyturnError } from '../../core/basics/errors.ts';
import { accountedTrial, trialIn } from '../../core/token/recorded-for-revocation.ts';
import { answeredMint } from '../../core/token/mint-notes.ts';
import { withAttempt, withCredential } from '../../core/token/transitions.ts';
import { markerOf } from '../../core/basics/names.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import type { MintingSession, Reach } from '../../core/issuer/provider.ts';
import { DAY, MINUTE, SECOND, type Millis } from '../../core/basics/time.ts';
import { accountsFor } from '../../core/token/known-credentials.ts';
import type { Credential } from '../../core/token/credential.ts';
import { fingerprintOf } from './provenance.ts';
import { change, load } from '../inventory/store.ts';
import { attemptIn, type Step } from './step.ts';
import { endGrace } from './give-up.ts';
import { leaseAttempt, releasing, requireHeld } from './lease-attempt.ts';

const LOOK_EVERY: Millis = 3 * SECOND;
/** What is kept back of the invocation's time for ending in order. */
const RESERVE: Millis = 20 * SECOND;
const COMMAND_LIFE: Millis = 12 * MINUTE;
/** One attempt tries so often; more would hide a fault behind a pile of lost credentials. */
const MOST_TRIALS = 2;

/**
 * A new admin credential has to do all that the old one does before it takes its place: it creates a
 * credential, sees it in its list, and revokes it. The creation is done here, on record first, as any
 * creation. `worker` revokes it through the revocation guard, with the new credential. Only the verified
 * revocation ends the wait. Errors: those of the issuer; `credential-not-active-yet` when the time of this
 * run is over.
 */
export async function proveSuccessor(step: Step, ports: Ports): Promise<void> {
  const record = await leaseAttempt(step, ports);
  const session = await successor(step, ports);
  const known =
    trialIn(record.token, step.event.requestToken) ?? (await makeTrial(step, record, session, ports));
  const freed = await change(step.tokenId, ports, releasing(step));
  await untilInactive(step, freed, known.id, ports);
}

/** The issuer, as the pending version's credential may use it. */
async function successor(step: Step, ports: Ports): Promise<MintingSession> {
  const text = await ports.secrets.read(step.secret.arn, step.event.requestToken);
  if (!text)
    throw new KeyturnError(
      'version-unknown',
      `The pending version of ${step.secret.name} has no value yet: createSecret has to come first.`,
    );
  const session = await ports.issuers.open(
    { provider: step.registration.provider, name: step.secret.name, admin: step.registration.admin },
    text,
  );
  if (session.kind === 'minting') return session;
  throw new KeyturnError(
    'not-rotatable',
    `The admin credential ${step.secret.name} is made by a person at its issuer.`,
  );
}

/** Creates the trial credential, or finds the one whose creation was never answered. */
async function makeTrial(
  step: Step,
  record: Loaded,
  session: MintingSession,
  ports: Ports,
): Promise<Credential> {
  const marker = markerOf(ports.installation, step.secret.arn, step.event.requestToken);
  const lost = (await session.list()).find(
    (one) => one.active && one.name === marker && !accountsFor(record.token, one),
  );
  if (lost)
    return recordTrial(
      step,
      record,
      { handle: lost.handle, createdAt: lost.createdAt, reach: session.reach },
      ports,
    );
  const trials = attemptIn(record.token, step).mints.filter((mint) => mint.trial === true).length;
  if (trials >= MOST_TRIALS)
    await endGrace(
      step,
      new KeyturnError(
        'new-credential-rejected',
        `The new admin credential of ${step.secret.name} made ${trials} credentials on trial, and none ` +
          'of them is known.',
      ),
      ports,
    );
  const at = ports.now();
  const noted = await change(record, ports, (token) => {
    requireHeld(attemptIn(token, step), step);
    return withAttempt(token, step.event.requestToken, (attempt) => ({
      ...attempt,
      mints: [...attempt.mints, { at, trial: true, reach: session.reach }],
    }));
  });
  const minted = await session.mint({ marker, expiresAt: at + DAY });
  const made = await recordTrial(
    step,
    noted,
    { handle: minted.handle, createdAt: minted.createdAt, reach: session.reach },
    ports,
  );
  const fingerprint = await fingerprintOf(minted.value, ports);
  await change(step.tokenId, ports, (token) =>
    withCredential(token, made.id, (one) => ({ ...one, fingerprint })),
  );
  if (minted.differs !== undefined)
    await endGrace(
      step,
      new KeyturnError(
        'new-credential-rejected',
        `The new admin credential of ${step.secret.name} made a credential on trial with ` +
          `${minted.differs}, not as it was asked to.`,
      ),
      ports,
    );
  return made;
}

async function recordTrial(
  step: Step,
  record: Loaded,
  made: { handle: string; createdAt?: number | undefined; fingerprint?: string; reach: Reach },
  ports: Ports,
): Promise<Credential> {
  const id = step.event.requestToken;
  const saved = await change(record, ports, (token) =>
    accountedTrial(
      withAttempt(token, id, (attempt) => answeredMint(attempt, made)),
      id,
      { ...made, at: ports.now() },
    ),
  );
  const trial = trialIn(saved.token, id);
  if (trial) return trial;
  throw new KeyturnError(
    'conflict',
    `The trial of the new admin credential of ${step.secret.name} could not be recorded.`,
  );
}

/**
 * Asks `worker` to revoke it, and again to look whether it is inactive once the issuer's lag is over: the
 * sweep would do both, but not before this run ends.
 */
async function untilInactive(step: Step, from: Loaded, trialId: string, ports: Ports): Promise<void> {
  let asked = -1;
  for (let { token } = from; ; { token } = await load(step.tokenId, ports)) {
    const trial = token.credentials.find((one) => one.id === trialId);
    if (!trial || trial.state === 'ended') return;
    if (trial.problem)
      await endGrace(
        step,
        new KeyturnError(
          'new-credential-rejected',
          `The new admin credential of ${step.secret.name} could not revoke what it made: ` +
            trial.problem.detail,
        ),
        ports,
      );
    const lookAt = trial.lookAt ?? 0;
    if (lookAt > asked && lookAt <= ports.now()) {
      asked = lookAt;
      await ports.commands.send(step.registration.provider, [
        {
          kind: 'retire',
          tokenId: step.tokenId,
          credentialId: trialId,
          notAfter: ports.now() + COMMAND_LIFE,
        },
      ]);
    }
    if (ports.timeLeft() < LOOK_EVERY + RESERVE)
      throw new KeyturnError(
        'credential-not-active-yet',
        `The new admin credential of ${step.secret.name} has not yet revoked what it made.`,
      );
    await ports.sleep(LOOK_EVERY);
  }
}
