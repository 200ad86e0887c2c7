import { KeyturnError } from '../../core/basics/errors.ts';
import type { Instant } from '../../core/basics/time.ts';
import { handleOfValue } from '../../core/issuer/identity.ts';
import type { Replaced, ReplacingSession } from '../../core/issuer/provider.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { NOT_STORED } from '../../core/rotation/lost-creations.ts';
import { notReplaced, replacing } from '../../core/rotation/replacement.ts';
import { currentOf } from '../../core/token/lookups.ts';
import type { Token } from '../../core/token/token.ts';
import { withAttempt } from '../../core/token/transitions.ts';
import { change } from '../inventory/store.ts';
import { permitReissue, permitReplacement } from './permit-replacement.ts';
import { giveUpMade } from '../rotation/give-up.ts';
import { releasing } from '../rotation/lease-attempt.ts';
import { withMint } from '../rotation/note-mint.ts';
import { saysNothingMade, withoutUnmade } from '../rotation/nothing-made.ts';
import { notedMint } from '../rotation/noted-value.ts';
import { fingerprintOf } from '../rotation/provenance.ts';
import type { Replacing } from '../rotation/replace-value.ts';
import { slotHolds, type Held } from './slot-holds.ts';
import type { Step } from '../rotation/step.ts';
import { store } from '../rotation/store-pending.ts';

/**
 * Makes the next value in the one slot that there is, which ends the one before, and stores it. The guard
 * permits it, or a creation of ours has ended that one already. Nothing that comes after the answer may keep
 * the value from being stored: there is no other one.
 */
export async function replaceAndStore(
  step: Step,
  { record, session, previous }: Replacing,
  ports: Ports,
): Promise<void> {
  const held = await slotHolds(step, record.token, session, ports);
  const at = ports.now();
  await claim(step, record, { session, at, held }, ports);
  const made = await sent(step, { held, session }, ports);
  const { value, fields, expiresAt } = made;
  const fingerprint = await fingerprintOf(value, ports);
  const mint = { handle: handleOfValue(session.account, fingerprint), fingerprint, expiresAt };
  const noted = notedMint(mint);
  try {
    await store(step, { previous, value, fields, mint: { at, reach: session.reach, ...mint } }, ports);
  } catch (error) {
    await change(step.tokenId, ports, (token) => withAttempt(token, step.event.requestToken, noted));
    return giveUpMade(step, notStored(step, error), ports);
  }
  await change(step.tokenId, ports, releasing(step, noted));
}

function notStored(step: Step, cause: unknown): KeyturnError {
  const why = cause instanceof KeyturnError ? ` ${cause.message}` : '';
  return new KeyturnError(
    NOT_STORED,
    `The new value of ${step.secret.name} could not be stored, and the one before has ended.${why}`,
    { cause },
  );
}

/** In the record before the guard looks around: who wants the current value back sees it. */
function claim(
  step: Step,
  record: Loaded,
  { session, at, held }: { readonly session: ReplacingSession; readonly at: Instant; readonly held: Held },
  ports: Ports,
): Promise<Loaded> {
  const attempt = step.event.requestToken;
  return change(record, ports, (token) => {
    // The value that consumers have ended with the first creation, whatever became of it.
    const since = held.what === 'unfinished' ? currentOf(token)?.replacing?.at : undefined;
    const claimed = replacing(token, { attempt, account: session.account, at: since ?? at });
    return withMint(claimed, step, { at, reach: session.reach });
  });
}

async function sent(
  step: Step,
  { held, session }: { readonly held: Held; readonly session: ReplacingSession },
  ports: Ports,
): Promise<Replaced> {
  const withdraw = (): Promise<Loaded> =>
    change(step.tokenId, ports, (token) => withdrawn(token, step, held.what === 'current'));
  const { tokenId, place, registration } = step;
  const byPolicy = registration.policy.overlap === 'none';
  const permit =
    held.what === 'unfinished'
      ? permitReissue(session)
      : await permitReplacement({ tokenId, current: held.current, session, place, byPolicy }, ports);
  if ('revoked' in permit) {
    await withdraw();
    throw new KeyturnError('still-needed', `Nothing is made for ${step.secret.name}: ${permit.reason}`);
  }
  try {
    return await session.replace(permit);
  } catch (error) {
    if (saysNothingMade(error)) await withdraw();
    throw error;
  }
}

/** Nothing was made: what was noted for it is taken back. */
function withdrawn(token: Token, step: Step, isKept: boolean): Token {
  const free = releasing(step, withoutUnmade)(token);
  return isKept ? notReplaced(free) : free;
}
