import { withClock } from '../../core/clocks.ts';
import { withStrangers } from '../../core/discovery.ts';
import type { Loaded, Ports } from '../../core/ports.ts';
import type { Credential } from '../../core/provider.ts';
import { withDates, withPulse } from '../../core/pulse.ts';
import type { Instant } from '../../core/time.ts';
import { isUnderWay } from '../../core/token.ts';
import { sealedProvenance } from '../provenance.ts';
import { versionWith } from '../registered.ts';
import { change } from '../store.ts';
import type { Work } from './context.ts';

/** What an inspection heard of the issuer so far. */
interface Heard {
  /** Undefined where its list could not be read. */
  readonly listed: readonly Credential[] | undefined;
  /** Since when it is asked. */
  readonly since: Instant;
}

/** Asks the issuer whether it accepts the current value, and takes over what its list says, and what its answers say of its clock. */
export async function takePulse(work: Work, { listed, since }: Heard, ports: Ports): Promise<Loaded> {
  const versionId = versionWith(work.secret, 'AWSCURRENT');
  const held = versionId === undefined ? undefined : await sealedProvenance({ secretArn: work.secret.arn, versionId, place: work.place }, ports);
  const probe = held && (await work.session.probe(held.value));
  const lastUsedEvery = ports.descriptor(work.registration.provider)?.lastUsedEvery;
  const { reach } = work.session;
  const now = ports.now();
  const look = { versionId, probe, listed: listed ?? [], lastUsedEvery, now, reach };
  const clock = ports.issuers.clockOf(reach.host, since);
  return change(work.record, ports, (token) => withClock(withStrangers(withDates(withPulse(token, look), look), token.attempts.some(isUnderWay) ? undefined : listed), clock, now));
}
