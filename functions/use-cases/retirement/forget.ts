import type { Command } from '../../core/commands/commands.ts';
import { WAIT_TOLD_AFTER } from '../../core/assessment/assess-waits.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { formatInstant } from '../../core/basics/time.ts';
import { lostRotation } from '../../core/incidents/forget-rotation.ts';
import { whyKept, withForgotten, type Forgetting } from '../../core/incidents/forget.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import type { Attempt } from '../../core/token/attempt.ts';
import { credentialOf } from '../../core/token/lookups.ts';
import type { Credential } from '../../core/token/credential.ts';
import { permit } from '../revocation/permits.ts';
import { change, load, reasonOf } from '../inventory/store.ts';
import { unpin } from '../open-token/context.ts';
import { permitAbout } from '../revocation/grant-permit.ts';
import { settleOrAbandon } from './end-token.ts';

type Forget = Extract<Command, { kind: 'forget' }>;

/**
 * A person has Keyturn look after a credential no more, or after what a rotation may have left. The permit is
 * written before the record: what lets a claim go is not the record's own word. Errors: `not-found`,
 * `bad-request`.
 */
export async function forget(command: Forget, by: string, ports: Ports): Promise<void> {
  const { tokenId, credentialId, reason } = command;
  const wish = { credentialId, by, reason, now: ports.now() };
  const known = await load(tokenId, ports);
  const lost = lostRotation(known.token, credentialId);
  if (!lost) return forgetCredential(known, wish, ports);
  await forgetRotation(command, lost, by, ports);
  const left = await load(tokenId, ports);
  const stored = credentialOf(left.token, credentialId);
  // The value that it chose and stored may be known as that of its version: it is the same credential.
  if (lost.state === 'aborted' && stored && whyKept(left.token, stored) === undefined)
    await forgetCredential(left, wish, ports);
}

async function forgetCredential(known: Loaded, wish: Forgetting, ports: Ports): Promise<void> {
  const { credentialId, by } = wish;
  const tokenId = known.token.id;
  withForgotten(known.token, wish);
  const meant = credentialOf(known.token, credentialId);
  // Also of one that is forgotten already: the permit may have been lost since.
  if (meant && isLeft(meant))
    await permit(tokenId, [permitAbout(meant, 'forget', { at: wish.now, by })], ports);
  const { token } = await change(known, ports, (one) => withForgotten(one, wish));
  const left = credentialOf(token, credentialId);
  if (left?.versionId !== undefined && left.forgotten !== undefined)
    await unpin(token.secretArn, left.versionId, ports).catch((error: unknown) =>
      ports.log.warn('the version of a forgotten credential stays pinned', {
        tokenId,
        reason: reasonOf(error),
      }),
    );
}

/** Not verified as inactive. */
function isLeft(one: Credential): boolean {
  return one.state !== 'ended' || one.forgotten !== undefined;
}

/**
 * The usual way comes first: what can be found is revoked, and not forgotten. Then the rest of what the
 * rotation made is accounted for.
 */
async function forgetRotation(command: Forget, attempt: Attempt, by: string, ports: Ports): Promise<void> {
  const { tokenId, credentialId, reason } = command;
  const about = { tokenId, attemptId: attempt.id };
  if (!(await isStillLost(about, attempt, by, ports))) return;
  const wish = { credentialId, by, reason, now: ports.now() };
  await change(tokenId, ports, (one) => (lostRotation(one, credentialId) ? withForgotten(one, wish) : one));
  await settleOrAbandon(about, by, ports);
}

/** Error: `bad-request` within a day, where the issuer may answer yet. */
async function isStillLost(
  about: { tokenId: string; attemptId: string },
  { id, endedAt, deadline }: Attempt,
  by: string,
  ports: Ports,
): Promise<boolean> {
  const until = (endedAt ?? deadline) + WAIT_TOLD_AFTER;
  try {
    await settleOrAbandon(about, by, ports);
  } catch (error) {
    if (!(error instanceof KeyturnError)) throw error;
    if (error.rule.retry && ports.now() < until)
      throw new KeyturnError(
        'bad-request',
        `What the rotation ${id} made is still looked for: ask again after ${formatInstant(until)}. ` +
          error.message,
      );
  }
  return lostRotation((await load(about.tokenId, ports)).token, id) !== undefined;
}
