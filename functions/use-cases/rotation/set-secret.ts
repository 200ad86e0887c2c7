import { KeyturnError } from '../../core/basics/errors.ts';
import type { Mint } from '../../core/token/attempt.ts';
import { answeredMint } from '../../core/token/mint-notes.ts';
import { withAttempt } from '../../core/token/transitions.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Reach } from '../../core/issuer/provider.ts';
import { sameReach, placeText } from '../../core/issuer/reach.ts';
import { sealedProvenance, type Provenance } from './provenance.ts';
import { change } from '../inventory/store.ts';
import { accountable, requireNoted } from './noted-value.ts';
import { endGrace } from './give-up.ts';
import { leaseAttempt, releasing } from './lease-attempt.ts';
import type { Step } from './step.ts';

/**
 * The second step: where the issuer takes a value that we chose, it is told the stored one. Where the issuer
 * made the value there is nothing to set. Old and new always name the same account and host: both come from
 * the one grant the session is bound to, never from the secret.
 */
export async function setSecret(step: Step, ports: Ports): Promise<void> {
  const session = step.session;
  if (session.kind !== 'choosing') return;
  const record = await leaseAttempt(step, ports, (token) =>
    withAttempt(token, step.event.requestToken, (attempt) => ({
      ...attempt,
      mints: attempt.mints.map((mint) => sentTo(session.reach, mint)),
    })),
  );
  const pending = await sealedProvenance(
    { secretArn: step.secret.arn, versionId: step.event.requestToken, place: step.place },
    ports,
  );
  if (!pending)
    throw new KeyturnError(
      'version-unknown',
      `The pending version of ${step.secret.name} has no value yet: createSecret has to come first.`,
    );
  await requireNoted(step, record.token, pending.fingerprint, ports);
  await requireSamePlace(step, pending, ports);
  const installed = await session.install(pending.value, pending.payload.beside);
  const answer = {
    handle: installed.handle,
    createdAt: installed.createdAt,
    fingerprint: pending.fingerprint,
    expiresAt: installed.expiresAt,
  };
  await change(
    record,
    ports,
    releasing(step, (attempt) => accountable(answeredMint(attempt, answer))),
  );
}

/**
 * A value says under its seal where it is to be accepted, and is looked for there alone: it is told to no
 * other place, where the grant leads since.
 */
async function requireSamePlace(step: Step, { reach }: Provenance, ports: Ports): Promise<void> {
  const here = step.session.reach;
  if (reach === undefined || sameReach(reach, here)) return;
  await endGrace(
    step,
    new KeyturnError(
      'new-credential-rejected',
      `The new value of ${step.secret.name} was chosen for ${placeText(reach)}, and its grant leads to ` +
        `${placeText(here)} by now: it is given up.`,
    ),
    ports,
  );
}

/** From here on the issuer may have received it. */
function sentTo(here: Reach, { unsent, ...mint }: Mint): Mint {
  const isElsewhere = mint.reach !== undefined && !sameReach(mint.reach, here);
  return isElsewhere && unsent !== undefined ? { ...mint, unsent } : mint;
}
