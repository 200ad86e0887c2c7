import { isOnWayToEnd } from '../../core/revocation/claims.ts';
import { keepsDisabled } from '../../core/revocation/disable-first.ts';
import { isExposed } from '../../core/token/exposure.ts';
import { disabledUntil } from '../../core/token/disabled.ts';
import { withCredential } from '../../core/token/transitions.ts';
import { telling } from '../../core/token/telling.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { HOUR, type Instant, type Millis } from '../../core/basics/time.ts';
import { credentialOf } from '../../core/token/lookups.ts';
import type { Credential } from '../../core/token/credential.ts';
import type { Token } from '../../core/token/token.ts';
import { change } from '../inventory/store.ts';
import type { Work } from '../open-token/context.ts';
import { sessionOf } from '../evidence/place.ts';
import type { Looked } from '../evidence/sightings.ts';
import { passGuard } from './ask-guard.ts';
import { endIfInactive, note } from './verify-revoked.ts';

/** Whether the issuer accepts it again is looked at so often. */
const LOOK_EVERY: Millis = HOUR;

/**
 * Takes a credential whose revocation has begun through the guard; one that is disabled only when its time is
 * over. One that its issuer accepts again was enabled there: that is told, and it is revoked at once.
 */
export async function revokeInTime(work: Work, one: Credential, ports: Ports): Promise<Loaded> {
  if (one.disabledAt === undefined || !isExposed(work.record.token, one)) return passGuard(work, one, ports);
  const session = await sessionOf(work, one, ports);
  const { record, isInactive, looked } = await endIfInactive(work, one, session, ports);
  if (isInactive) return record;
  if (isAccepted(looked)) return revokeAgain({ ...work, record }, one, ports);
  const now = ports.now();
  const facts = ports.descriptor(record.token.provider);
  const until = disabledUntil(record.token, one) ?? now;
  if (facts && keepsDisabled(record.token, one, { facts, now }))
    return note({ ...work, record }, one.id, { lookAt: Math.min(now + LOOK_EVERY, until) }, ports);
  return passGuard({ ...work, record }, one, ports);
}

function isAccepted({ verdict, listed }: Looked): boolean {
  return verdict.kind === 'active' || (typeof listed === 'object' && listed.state === 'active');
}

async function revokeAgain(work: Work, one: Credential, ports: Ports): Promise<Loaded> {
  const record = await change(work.record, ports, (token) =>
    withActiveAgain(token, one, { now: ports.now(), by: work.by }),
  );
  const left = credentialOf(record.token, one.id);
  return left && isOnWayToEnd(left) ? passGuard({ ...work, record }, left, ports) : record;
}

/** A person who has Keyturn enable it writes that into the record first: then nothing is told. */
function withActiveAgain(token: Token, one: Credential, seen: { now: Instant; by: string }): Token {
  const known = credentialOf(token, one.id);
  if (known?.state !== 'revoking' || known.disabledAt !== one.disabledAt) return token;
  const noted = withCredential(token, one.id, (same) => ({
    ...same,
    disabledAt: undefined,
    notDisabledAt: seen.now,
    lookAt: undefined,
  }));
  return telling(noted, {
    what: 'active-again',
    about: one.id,
    detail:
      `The issuer accepts the leaked credential ${one.handle ?? one.id} again, which was disabled there: ` +
      'it is revoked now.',
    by: seen.by,
    at: seen.now,
  });
}
