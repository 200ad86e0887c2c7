import { answered } from '../../core/incidents/incidents.ts';
import { agenda, type Action } from '../../core/assessment/due-times.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { credentialOf, openAttempt } from '../../core/token/lookups.ts';
import type { Token } from '../../core/token/token.ts';
import { SECOND, type Instant, type Millis } from '../../core/basics/time.ts';
import { startRotation, withNewAttempt } from '../rotation/start-rotation.ts';
import { change, load } from '../inventory/store.ts';
import { inspect } from '../inspection/inspect.ts';
import type { Work } from '../open-token/context.ts';
import { retire } from '../revocation/retire-credential.ts';
import { restore } from '../rollback/rollback.ts';
import { settle } from '../inspection/settle.ts';
import { registeredWork, workOn } from '../open-token/open-token.ts';

/** How long to wait for what others do, such as the steps of the rotation. */
const POLL: Millis = SECOND;
/** What lies further ahead is left to the sweep. */
const PATIENCE: Millis = 90 * SECOND;
/** What is kept back of the invocation's time. */
const RESERVE: Millis = 20 * SECOND;
/**
 * One run asks Secrets Manager for a rotation so often at most: an earlier one that is in the way is cleared
 * up in between.
 */
const MOST_STARTS = 3;

/**
 * Takes the answer to a token's leaks as far as it goes in one run: what runs is aborted, a new credential is
 * made, and what leaked is revoked through the revocation guard. Every step follows from the record, so that
 * a run that is cut off is gone on with by the next one, or by the sweep.
 */
export async function respond(tokenId: string, by: string, ports: Ports): Promise<void> {
  for (let starts = 0, before = 0; ;) {
    const record = await load(tokenId, ports);
    if (answered(record.token).length === 0) return;
    const [next] = stepsFor(record.token, ports);
    const isDue = next !== undefined && next.at <= ports.now();
    if (isDue && next.kind === 'rotate' && ++starts > MOST_STARTS) return;
    if (isDue) await take(next, { record, by }, ports);
    // A step that changed nothing is not taken again at once.
    const wait = isDue
      ? record.revision === before
        ? POLL
        : 0
      : waitFor(record.token, next?.at, ports.now());
    if (wait === undefined || ports.timeLeft() < wait + RESERVE) return;
    before = record.revision;
    await ports.sleep(wait);
  }
}

/** What the answer consists of, earliest first; all else on the agenda is the sweep's. */
function stepsFor(token: Token, ports: Ports): Action[] {
  const isPart = (action: Action): boolean => {
    if (action.kind === 'retire') return credentialOf(token, action.credentialId)?.withoutGrace === true;
    return (
      action.kind === 'settle' ||
      action.kind === 'rollback' ||
      (action.kind === 'rotate' && action.cause === 'incident')
    );
  };
  return agenda(token, ports.descriptor(token.provider), ports.now())
    .filter(isPart)
    .toSorted((a, b) => a.at - b.at);
}

/** While a rotation runs, the record tells when it is done; undefined when there is nothing to wait for. */
function waitFor(token: Token, at: Instant | undefined, now: Instant): Millis | undefined {
  if (openAttempt(token)) return POLL;
  return at === undefined || at - now > PATIENCE ? undefined : Math.max(0, at - now);
}

async function take(step: Action, seen: { record: Loaded; by: string }, ports: Ports): Promise<void> {
  const tokenId = seen.record.token.id;
  if (step.kind === 'settle') return settle(await workOn(tokenId, seen.by, ports), step.attemptId, ports);
  if (step.kind === 'retire')
    return retire(await registeredWork(tokenId, seen.by, ports), step.credentialId, ports);
  if (step.kind === 'rollback')
    return comeBack(await registeredWork(tokenId, seen.by, ports), step.credentialId, ports);
  if (step.kind === 'rotate') return rotate(seen.record, seen.by, ports);
}

/**
 * No slot is free for a new credential, so that one that is good takes the place of what leaked. Where it
 * cannot, it is not tried again soon.
 */
async function comeBack(work: Work, credentialId: string, ports: Ports): Promise<void> {
  const restored = await restore(work, credentialId, ports);
  if (restored.outcome !== 'done')
    ports.log.warn('a previous credential could not take the place of what leaked', {
      tokenId: work.tokenId,
      credential: credentialId,
      reason: restored.why,
    });
}

/** An earlier rotation that is in the way shows at an inspection, and is aborted by the next steps. */
async function rotate(record: Loaded, by: string, ports: Ports): Promise<void> {
  let started: string | undefined;
  const { token } = await change(record, ports, (token) => {
    started = undefined;
    const wish = stepsFor(token, ports).find((action) => action.kind === 'rotate');
    if (wish?.kind !== 'rotate') return token;
    const opened = withNewAttempt(token, wish, ports.now(), by);
    started = opened.attemptId;
    return opened.token;
  });
  if (started !== undefined && !(await startRotation(token, started, ports)))
    await inspect(token.secretArn, by, ports);
}
