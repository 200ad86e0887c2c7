import { KeyturnError } from '../../core/basics/errors.ts';
import type { Instant } from '../../core/basics/time.ts';
import { handleOfValue } from '../../core/issuer/identity.ts';
import { refusedWithin } from '../../core/issuer/issuer-facts.ts';
import type { Probe, ReplacingSession } from '../../core/issuer/provider.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { NOT_ACCEPTED, NO_VALUE, strangeSlot } from '../../core/rotation/replacement.ts';
import { currentOf } from '../../core/token/lookups.ts';
import type { Token } from '../../core/token/token.ts';
import { versionWith } from '../inventory/registration.ts';
import type { Target } from '../revocation/target.ts';
import { stop } from '../rotation/overlap-word.ts';
import { probeOf } from '../rotation/probe-of.ts';
import { sealedProvenance, type Provenance } from '../rotation/provenance.ts';
import type { Step } from '../rotation/step.ts';

/** What the slot holds: the current value, or what a creation of ours left there that nobody has. */
export type Held = { readonly what: 'current'; readonly current: Target } | { readonly what: 'unfinished' };

/**
 * Asked with the current value: an account with one slot accepts what stands in it. Any other value there is
 * a stranger's, unless a creation of ours was sent. Error: `overlap-missing` for a stranger's.
 */
export async function slotHolds(
  step: Step,
  token: Token,
  session: ReplacingSession,
  ports: Ports,
): Promise<Held> {
  const current = currentOf(token);
  const versionId = versionWith(step.secret, 'AWSCURRENT');
  const value =
    versionId === undefined
      ? undefined
      : await sealedProvenance({ secretArn: step.secret.arn, versionId, place: step.place }, ports);
  if (!current || !value) return stop(step, strangeSlot(token.name, NO_VALUE), ports);
  if (current.versionId !== versionId)
    throw new KeyturnError(
      'still-needed',
      `AWSCURRENT of ${token.name} is not what its record has as current.`,
    );
  const begun = current.replacing?.account === session.account ? current.replacing : undefined;
  const probe = await asked(step, session, value);
  if (probe.outcome === 'active') {
    requireSettled(step, begun?.at, ports);
    const { fingerprint } = value;
    const handle = handleOfValue(session.account, fingerprint);
    return { what: 'current', current: { ...current, handle, fingerprint } };
  }
  if (!begun) return stop(step, strangeSlot(token.name, NOT_ACCEPTED), ports);
  // One refusal may be a mistake, and the current one go on.
  const again = await asked(step, session, value);
  if (again.outcome === 'inactive') return { what: 'unfinished' };
  throw unsettled(step);
}

/** Until the issuer refuses what a creation ended, an acceptance says nothing. */
function requireSettled(
  step: Step,
  sentAt: Instant | undefined,
  ports: Pick<Ports, 'descriptor' | 'now'>,
): void {
  const lag = refusedWithin(ports.descriptor(step.registration.provider));
  if (sentAt !== undefined && ports.now() - sentAt < lag) throw unsettled(step);
}

function unsettled(step: Step): KeyturnError {
  return new KeyturnError(
    'credential-not-active-yet',
    `It is not known yet whether the last creation for ${step.secret.name} has ended its current value.`,
  );
}

async function asked(
  step: Step,
  session: ReplacingSession,
  held: Provenance,
): Promise<Exclude<Probe, { readonly outcome: 'unknown' }>> {
  const probe = await probeOf(session, held);
  if (probe.outcome !== 'unknown') return probe;
  throw new KeyturnError(
    'issuer-unreachable',
    `The issuer of ${step.secret.name} could not be asked whether it accepts the current value: ` +
      probe.reason,
  );
}
