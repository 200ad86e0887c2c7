import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import type { Attempt } from '../../core/token/attempt.ts';
import { change } from '../inventory/store.ts';
import { releasing } from './lease-attempt.ts';
import { notedMint, requireNoted } from './noted-value.ts';
import type { Provenance } from './provenance.ts';
import type { Step } from './step.ts';
import { submittedMint } from './submitted-value.ts';

/**
 * A stored value is good when this attempt noted it; anybody else's value cannot be overwritten, so the
 * attempt is given up.
 */
export async function confirmStored(
  step: Step,
  record: Loaded,
  stored: Provenance,
  ports: Ports,
): Promise<void> {
  if (step.session.kind === 'replacing' || step.session.kind === 'paired') {
    const noted = await change(record, ports, releasing(step, sealedMint(stored)));
    return requireNoted(step, noted.token, stored.fingerprint, ports);
  }
  await requireNoted(step, record.token, stored.fingerprint, ports);
  const taken = step.session.kind === 'submitted' ? submittedMint(stored) : undefined;
  await change(record, ports, releasing(step, taken));
}

/** What our seal says of this very version was made by this attempt, whatever its record still tells. */
function sealedMint({ origin, handle, fingerprint, expiresAt }: Provenance): (attempt: Attempt) => Attempt {
  return origin === 'minted' && handle !== undefined
    ? notedMint({ handle, fingerprint, expiresAt })
    : (attempt) => attempt;
}
