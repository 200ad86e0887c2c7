import { isRetiring } from '../../core/token/retirement.ts';
import { withCredential } from '../../core/token/transitions.ts';
import { placeOf } from '../../core/secret-text/value-place.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { credentialOf } from '../../core/token/lookups.ts';
import type { Credential } from '../../core/token/credential.ts';
import { HOUR, type Instant } from '../../core/basics/time.ts';
import { change, load } from '../inventory/store.ts';
import { knownElsewhere } from '../revocation/known-elsewhere.ts';
import { recordedSessionOf } from '../evidence/place.ts';
import { recordEnd, endIfInactive } from '../revocation/verify-revoked.ts';
import { retire } from '../revocation/retire-credential.ts';
import type { Looked } from '../evidence/sightings.ts';
import { describedOrGone, endingWork } from '../open-token/open-token.ts';

const LOOK_AGAIN = 6 * HOUR;

/**
 * Takes a credential towards its end. Of a secret that is gone, or about to be, nothing is ended unless a
 * person says so: only whether it ended by itself is looked at, now and then, by its issuer's list, its own
 * date, and what other tokens know of it, since its value cannot be read there.
 */
export async function retireOrWatch(
  { tokenId, credentialId }: { tokenId: string; credentialId: string },
  by: string,
  ports: Ports,
): Promise<void> {
  const record = await load(tokenId, ports);
  const { token } = record;
  if (token.deletion === undefined || isRetiring(token))
    return retire(await endingWork(tokenId, by, ports), credentialId, ports);
  const secret = await describedOrGone(token, ports);
  const one = credentialOf(token, credentialId);
  if (secret.deletedAt === undefined)
    return retire(await endingWork(tokenId, by, ports), credentialId, ports);
  if (!one || one.state === 'ended') return;
  const work = {
    secret,
    tokenId,
    record,
    by,
    place: placeOf(secret.tags, ports.issuers.provider(token.provider).descriptor),
  };
  const known = await knownElsewhere(token, one, ports);
  if (known && 'proof' in known) return void (await recordEnd(work, one, known.proof, ports));
  const session = await recordedSessionOf(work, one, ports);
  const {
    record: seen,
    isInactive,
    looked,
  } = await endIfInactive({ ...work, held: known?.held }, one, session, ports);
  if (!isInactive)
    await change(seen, ports, (same) =>
      withCredential(same, one.id, (other) => ({
        ...other,
        ...(session === undefined ? {} : withoutOldReason(other)),
        unseen: unseenSince(other, looked, ports.now()),
        lookAt: ports.now() + LOOK_AGAIN,
      })),
    );
}

/**
 * What kept it from being revoked before its secret was deleted is no reason any more, once its issuer
 * answers: nothing of such a secret is revoked unasked.
 */
function withoutOldReason({ problem }: Credential): Pick<Credential, 'problem' | 'verdict'> {
  return { problem: problem?.kind === 'revocation-blocked' ? undefined : problem, verdict: undefined };
}

/** What cannot be asked about by its value, and is not in its issuer's list either, may be active or not. */
function unseenSince({ unseen }: Credential, { probe, listed }: Looked, now: Instant): Credential['unseen'] {
  const isSeen = probe === 'active' || (listed !== undefined && listed !== 'absent');
  const isSameSpan = unseen !== undefined && now - unseen.last <= 2 * LOOK_AGAIN;
  return isSeen ? undefined : { since: isSameSpan ? unseen.since : now, last: now };
}
