import { surelyAcceptedWithin } from '../../core/issuer/issuer-facts.ts';
import type { Probe } from '../../core/issuer/provider.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Attempt } from '../../core/token/attempt.ts';
import { hasExposedMint } from '../../core/token/exposure.ts';
import { currentOf } from '../../core/token/lookups.ts';
import type { Token } from '../../core/token/token.ts';
import { moveAttempt } from '../../core/token/transitions.ts';
import { versionWith } from '../inventory/registration.ts';
import { change } from '../inventory/store.ts';
import type { SecretWork } from '../open-token/context.ts';
import { probeOf } from '../rotation/probe-of.ts';
import { ifUnderstood, sealedProvenance, type Provenance } from '../rotation/provenance.ts';
import { recordLate } from './late-promotion.ts';

/**
 * Whether Keyturn has brought a rotation to its end that cannot be given up, since its creation ended the
 * value that is current; or has to look again; or the rotation left nothing to make current.
 */
export type Forward = 'finished' | 'to be looked at again' | 'nothing to finish';

/**
 * A rotation whose creation ended the current value is never given up while a value of it is left: Keyturn
 * tests that and moves AWSCURRENT itself, whatever became of the steps of Secrets Manager. With nothing left,
 * as after a lost answer, the next rotation begins at once and makes another one.
 */
export async function goForward(work: SecretWork, attempt: Attempt, ports: Ports): Promise<Forward> {
  const { token } = work.record;
  if (currentOf(token)?.replacing?.attempt !== attempt.id || !mayFinish(token, attempt))
    return 'nothing to finish';
  const held = await madeBy(work, attempt, ports);
  if (!held) return 'nothing to finish';
  const probe = await probedTwice(work, held);
  if (probe.outcome === 'active') return finish(work, attempt, ports);
  const patience = surelyAcceptedWithin(ports.descriptor(token.provider));
  const isLost = probe.outcome === 'inactive' && ports.now() - held.mint.at >= patience;
  return isLost ? 'nothing to finish' : 'to be looked at again';
}

/** What leaked is never made current, and of an ended token nothing is. */
function mayFinish(token: Token, attempt: Attempt): boolean {
  return token.ending === undefined && attempt.state !== 'aborting' && !hasExposedMint(token, attempt);
}

async function madeBy(
  { secret, place }: SecretWork,
  attempt: Attempt,
  ports: Ports,
): Promise<(Provenance & { readonly mint: Attempt['mints'][number] }) | undefined> {
  if (!secret.versions.has(attempt.id)) return undefined;
  const version = { secretArn: secret.arn, versionId: attempt.id, place };
  const held = await ifUnderstood(sealedProvenance(version, ports));
  const mint = attempt.mints.findLast((one) => one.fingerprint === held?.fingerprint);
  return held && mint?.handle !== undefined ? { ...held, mint } : undefined;
}

/** One good answer may come from the only node that knows the value yet. */
async function probedTwice(work: SecretWork, held: Provenance): Promise<Probe> {
  const session = await work.open();
  const first = await probeOf(session, held);
  return first.outcome === 'active' ? probeOf(session, held) : first;
}

async function finish(work: SecretWork, attempt: Attempt, ports: Ports): Promise<Forward> {
  const now = ports.now();
  const claimed = await change(work.tokenId, ports, (token) =>
    mayFinish(token, attempt)
      ? moveAttempt(token, attempt.id, 'claim-promote', { promotingAt: now, testedAt: now })
      : token,
  );
  if (!claimed.token.attempts.some(({ id, testedAt }) => id === attempt.id && testedAt === now))
    return 'to be looked at again';
  const from = versionWith(work.secret, 'AWSCURRENT');
  await ports.secrets.moveLabel(work.secret.arn, 'AWSCURRENT', { from, to: attempt.id });
  await recordLate({ ...work, secret: await ports.secrets.describe(work.secret.arn) }, attempt.id, ports);
  return 'finished';
}
