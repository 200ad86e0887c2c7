import { KeyturnError } from '../../core/errors.ts';
import { answeredMint } from '../../core/life.ts';
import type { Ports } from '../../core/ports.ts';
import { sealedProvenance } from '../provenance.ts';
import { change } from '../store.ts';
import { accountable, leaseAttempt, releasing, requireNoted, type Step } from './context.ts';

/**
 * The second step: where the issuer takes a value that we chose, it is told the stored one. Where the issuer made the value there is nothing to set.
 * Old and new always name the same account and host: both come from the one grant the session is bound to, never from the secret.
 */
export async function setSecret(step: Step, ports: Ports): Promise<void> {
  const session = step.session;
  if (session.kind === 'minting') return;
  const record = await leaseAttempt(step, ports);
  const pending = await sealedProvenance({ secretArn: step.secret.arn, versionId: step.event.requestToken, valueField: step.valueField }, ports);
  if (!pending) throw new KeyturnError('version-unknown', `The pending version of ${step.secret.name} has no value yet: createSecret has to come first.`);
  await requireNoted(step, record.token, pending.fingerprint, ports);
  const installed = await session.install(pending.value);
  const answer = { handle: installed.handle, createdAt: installed.createdAt, fingerprint: pending.fingerprint, expiresAt: installed.expiresAt };
  await change(record, ports, releasing(step, (attempt) => accountable(answeredMint(attempt, answer))));
}
