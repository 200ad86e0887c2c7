import { isRetiring } from '../../core/ending.ts';
import { withGeneration } from '../../core/life.ts';
import { placeOf } from '../../core/payload/place.ts';
import type { Ports } from '../../core/ports.ts';
import { generationOf, type Generation } from '../../core/token.ts';
import { HOUR, type Instant } from '../../core/time.ts';
import { change, load } from '../store.ts';
import { knownElsewhere } from './known-elsewhere.ts';
import { recordedSessionOf } from './place.ts';
import { bury, buryIfDead } from './prove.ts';
import { retire } from './retire.ts';
import type { Looked } from './sight.ts';
import { describedOrGone, endingWork } from './work.ts';

const LOOK_AGAIN = 6 * HOUR;

/**
 * Takes a credential towards its end. Of a secret that is gone, or about to be, nothing is ended unless a person says so: only whether it ended by itself is looked at, now and then,
 * by its issuer's list, its own date, and what other tokens know of it, since nobody can read its value there.
 */
export async function retireOrWatch(
  { tokenId, generationId }: { tokenId: string; generationId: string },
  by: string,
  ports: Ports,
): Promise<void> {
  const record = await load(tokenId, ports);
  const { token } = record;
  if (token.deletion === undefined || isRetiring(token))
    return retire(await endingWork(tokenId, by, ports), generationId, ports);
  const secret = await describedOrGone(token, ports);
  const one = generationOf(token, generationId);
  if (secret.deletedAt === undefined)
    return retire(await endingWork(tokenId, by, ports), generationId, ports);
  if (!one || one.state === 'dead') return;
  const work = {
    secret,
    tokenId,
    record,
    by,
    place: placeOf(secret.tags, ports.issuers.provider(token.provider).descriptor),
  };
  const known = await knownElsewhere(token, one, ports);
  if (known && 'proof' in known) return void (await bury(work, one, known.proof, ports));
  const {
    record: seen,
    isDead,
    looked,
  } = await buryIfDead({ ...work, held: known?.held }, one, await recordedSessionOf(work, one, ports), ports);
  if (!isDead)
    await change(seen, ports, (same) =>
      withGeneration(same, one.id, (other) => ({
        ...other,
        unseen: unseenSince(other, looked, ports.now()),
        lookAt: ports.now() + LOOK_AGAIN,
      })),
    );
}

/** What nobody can ask about by its value, and its issuer does not show either, may live or not. */
function unseenSince({ unseen }: Generation, { probe, listed }: Looked, now: Instant): Generation['unseen'] {
  const isSeen = probe === 'alive' || (listed !== undefined && listed !== 'absent');
  const isSameSpan = unseen !== undefined && now - unseen.last <= 2 * LOOK_AGAIN;
  return isSeen ? undefined : { since: isSameSpan ? unseen.since : now, last: now };
}
