import { isRetiring } from '../../core/ending.ts';
import { withGeneration } from '../../core/life.ts';
import { placeOf } from '../../core/payload/place.ts';
import type { Ports } from '../../core/ports.ts';
import { generationOf } from '../../core/token.ts';
import { HOUR } from '../../core/time.ts';
import { change, load } from '../store.ts';
import { recordedSessionOf } from './place.ts';
import { buryIfDead } from './prove.ts';
import { retire } from './retire.ts';
import { describedOrGone, endingWork } from './work.ts';

const LOOK_AGAIN = 6 * HOUR;

/**
 * Takes a credential towards its end. Of a secret that is gone, or about to be, nothing is ended unless a person says so: only whether it ended by itself is looked at, now and then,
 * by its issuer's list and its own date, since nobody can read its value.
 */
export async function retireOrWatch({ tokenId, generationId }: { tokenId: string; generationId: string }, by: string, ports: Ports): Promise<void> {
  const record = await load(tokenId, ports);
  const { token } = record;
  if (token.deletion === undefined || isRetiring(token)) return retire(await endingWork(tokenId, by, ports), generationId, ports);
  const secret = await describedOrGone(token, ports);
  const one = generationOf(token, generationId);
  if (secret.deletedAt === undefined) return retire(await endingWork(tokenId, by, ports), generationId, ports);
  if (!one || one.state === 'dead') return;
  const work = { secret, tokenId, record, by, place: placeOf(secret.tags, ports.issuers.provider(token.provider).descriptor) };
  const looked = await buryIfDead(work, one, await recordedSessionOf(work, one, ports), ports);
  if (!looked.isDead) await change(looked.record, ports, (same) => withGeneration(same, one.id, (other) => ({ ...other, lookAt: ports.now() + LOOK_AGAIN })));
}
