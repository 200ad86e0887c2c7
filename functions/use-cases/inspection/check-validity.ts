import { withClock } from '../../core/issuer/issuer-clock.ts';
import { withUnrecognizedCredentials } from '../../core/inventory/unrecognized-credentials.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { refusedWithin } from '../../core/issuer/issuer-facts.ts';
import type { ListedCredential, Probe } from '../../core/issuer/provider.ts';
import { notReplaced } from '../../core/rotation/replacement.ts';
import type { Token } from '../../core/token/token.ts';
import { withDates, withValidity } from '../../core/validity/validity.ts';
import type { Instant, Millis } from '../../core/basics/time.ts';
import { asksAlike } from '../../core/issuer/reach.ts';
import { currentOf, isUnderWay } from '../../core/token/lookups.ts';
import { askWhose, type Asked } from '../evidence/ask-value.ts';
import { tellClock } from '../inventory/issuer-clock.ts';
import { sealedProvenance, type Provenance } from '../rotation/provenance.ts';
import { probeOf } from '../rotation/probe-of.ts';
import { versionWith } from '../inventory/registration.ts';
import { change } from '../inventory/store.ts';
import type { Work } from '../open-token/context.ts';
import { outOfReach, sessionOf } from '../evidence/place.ts';

/** What an inspection heard of the issuer so far. */
interface Heard {
  /** Undefined where its list could not be read. */
  readonly listed: readonly ListedCredential[] | undefined;
  /** Since when it is asked. */
  readonly since: Instant;
}

/**
 * Asks the issuer whether it accepts the current value, and takes over what its list says, and what its
 * answers say of its clock.
 */
export async function takeValidity(work: Work, { listed, since }: Heard, ports: Ports): Promise<Loaded> {
  const versionId = versionWith(work.secret, 'AWSCURRENT');
  const held =
    versionId === undefined
      ? undefined
      : await sealedProvenance({ secretArn: work.secret.arn, versionId, place: work.place }, ports);
  const asked =
    held && versionId !== undefined ? await askedWhereMade(work, { id: versionId, held }, ports) : undefined;
  const lastUsedEvery = ports.descriptor(work.registration.provider)?.lastUsedEvery;
  const { reach } = work.session;
  const now = ports.now();
  const look = {
    versionId,
    probe: asked?.probe,
    listed,
    lastUsedEvery,
    now,
    reach,
    askedAt: asked?.session?.reach,
  };
  const clock = ports.issuers.clockOf(reach.host, since);
  await tellClock(work.record.token.issuerClock, clock, ports);
  const lag = refusedWithin(ports.descriptor(work.registration.provider));
  return change(work.record, ports, (token) =>
    withClock(
      withUnrecognizedCredentials(
        withDates(keptAfterAll(withValidity(token, look), look, lag), look),
        token.attempts.some(isUnderWay) ? undefined : listed,
      ),
      clock,
      now,
    ),
  );
}

/** A creation that should have ended the current value came to nothing: its issuer accepts it still. */
function keptAfterAll(
  token: Token,
  { versionId, probe, now }: { versionId: string | undefined; probe: Probe | undefined; now: Instant },
  lag: Millis,
): Token {
  const current = currentOf(token);
  const isSettled =
    current?.replacing !== undefined &&
    current.versionId === versionId &&
    now - current.replacing.at >= lag &&
    !token.attempts.some(isUnderWay);
  return isSettled && probe?.outcome === 'active' ? notReplaced(token) : token;
}

/**
 * The grant may lead elsewhere since the value was made: then another place would answer, to which the value
 * is nothing.
 */
async function askedWhereMade(
  work: Work,
  version: { id: string; held: Provenance },
  ports: Ports,
): Promise<Asked> {
  const { id, held } = version;
  const { token } = work.record;
  const current = currentOf(token);
  const reach = held.reach ?? (current?.fingerprint === held.fingerprint ? current.reach : undefined);
  if (reach === undefined) return askWhose(token, held, work.session, ports);
  const session =
    (await sessionOf(work, { reach }, ports)) ??
    (asksAlike(reach, work.session.reach) ? work.session : undefined);
  if (session) return { session, probe: await probeOf(session, held) };
  const reason = outOfReach(
    token,
    { id, handle: held.handle, origin: held.origin, state: 'current', reach },
    work.session.reach,
  );
  return { session, probe: { outcome: 'unknown', reason } };
}
