import { askAgainAt } from '../../core/validity/inactivity-proof.ts';
import { moveCredential } from '../../core/token/transitions.ts';
import { telling } from '../../core/token/telling.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { DAY, HOUR, type Instant } from '../../core/basics/time.ts';
import type { Credential } from '../../core/token/credential.ts';
import type { Token } from '../../core/token/token.ts';
import { change } from '../inventory/store.ts';
import { unpin, type Work } from '../open-token/context.ts';
import { sessionOf } from '../evidence/place.ts';
import { lookAt } from '../evidence/sightings.ts';
import { note } from './verify-revoked.ts';

/** After this the issuer was asked in vain too long. */
const ASK_NO_MORE = 60 * DAY;

/**
 * Asks once more about a leaked credential whose revocation was verified. One that its issuer accepts again
 * is revoked again, and its incident is open again.
 */
export async function askAgain(work: Work, one: Credential, ports: Ports): Promise<Loaded> {
  const now = ports.now();
  const { askAgain: due, endedAt = now } = one;
  if (due === undefined || now < due.at) return work.record;
  const session = await sessionOf(work, one, ports);
  const { verdict, probe } = await lookAt(work, one, session, ports);
  if (verdict.kind === 'active')
    return change(work.record, ports, (token) => revived(token, one, { now, by: work.by }));
  const isAnswered = probe === 'inactive';
  const next = isAnswered ? askAgainAt(endedAt, due.asked + 1) : now;
  if (next !== undefined && now < endedAt + ASK_NO_MORE)
    return note(
      work,
      one.id,
      { askAgain: { at: Math.max(next, now + HOUR), asked: due.asked + (isAnswered ? 1 : 0) } },
      ports,
    );
  if (one.versionId !== undefined) await unpin(work.secret.arn, one.versionId, ports);
  return note(work, one.id, { askAgain: undefined }, ports);
}

/** Whatever was proven is over. */
function revived(token: Token, one: Credential, seen: { now: Instant; by: string }): Token {
  const detail =
    `The issuer accepts the leaked credential ${one.handle ?? one.id} again, although its revocation was ` +
    'verified.';
  const fields: Partial<Credential> = {
    endedAt: undefined,
    proof: undefined,
    revokedAt: undefined,
    refused: undefined,
    absent: undefined,
    askAgain: undefined,
    forcedRevocation: undefined,
    withoutGrace: true,
    revocationBegunAt: seen.now,
    endingSince: seen.now,
    lookAt: undefined,
    problem: { kind: 'revocation-ineffective', detail },
  };
  return telling(moveCredential(token, one.id, 'revive', fields), {
    what: 'active-again',
    about: one.id,
    detail,
    by: seen.by,
    at: seen.now,
  });
}
