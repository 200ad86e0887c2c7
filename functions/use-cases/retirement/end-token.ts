import type { Command } from '../../core/commands/commands.ts';
import { isEnded, isRetiring, withFarewell } from '../../core/token/retirement.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { withoutRotation } from '../../core/token/deleted-secret.ts';
import { recordedForRevocation } from '../../core/token/recorded-for-revocation.ts';
import { withAttempt } from '../../core/token/transitions.ts';
import { markerPrefix } from '../../core/basics/names.ts';
import { listOf, type Reach } from '../../core/issuer/provider.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import type { Instant } from '../../core/basics/time.ts';
import { accountsFor, liveCredentials } from '../../core/token/known-credentials.ts';
import { attemptOf, isUnderWay, openAttempt } from '../../core/token/lookups.ts';
import type { Token } from '../../core/token/token.ts';
import { permit } from '../revocation/permits.ts';
import { versionWith } from '../inventory/registration.ts';
import { change, load } from '../inventory/store.ts';
import type { Work } from '../open-token/context.ts';
import { retire } from '../revocation/retire-credential.ts';
import { settle } from '../inspection/settle.ts';
import { describedOrGone, endingWork, workOn } from '../open-token/open-token.ts';

/**
 * A person ends a token, or has it let go. Its rotation is switched off first: from then on a record that is
 * lost makes no new credential of it. Of an ended one every credential is taken to its proven end as far as
 * it goes now; the sweep goes on with the rest. Errors: `bad-request` for one that cannot be let go in the
 * middle of something.
 */
export async function end(
  command: Extract<Command, { kind: 'end' }>,
  by: string,
  ports: Ports,
): Promise<void> {
  const { token } = await load(command.tokenId, ports);
  const secret = await describedOrGone(token, ports);
  if (command.how === 'detach') requireIdle(token, secret);
  if (secret.deletedAt === undefined && secret.rotationEnabled) await ports.secrets.stopRotation(secret.arn);
  if (command.how === 'retire' && !isEnded(token))
    await permit(token.id, [{ kind: 'retirement', about: token.id, at: ports.now(), by }], ports);
  const ended = await change(command.tokenId, ports, (one) =>
    withFarewell(one, { kind: command.how, by, now: ports.now() }),
  );
  if (isRetiring(ended.token)) await goOn(command.tokenId, by, ports);
}

/** What would be left half done, with nothing to finish it. */
function requireIdle(token: Token, secret: SecretDescription): void {
  const pending = versionWith(secret, 'AWSPENDING');
  const isPending = pending !== undefined && pending !== versionWith(secret, 'AWSCURRENT');
  const isBusy =
    isPending ||
    openAttempt(token) !== undefined ||
    token.credentials.some((one) => one.state === 'revoking' || one.state === 'rolling-back') ||
    isRetiring(token);
  if (isBusy)
    throw new KeyturnError(
      'bad-request',
      `${token.name} is in the middle of something: let it go when \`keyturn show\` says that nothing ` +
        'is under way.',
    );
}

async function goOn(tokenId: string, by: string, ports: Ports): Promise<void> {
  const work = await endingWork(tokenId, by, ports);
  const { token } = work.record;
  for (const one of token.attempts)
    if (isUnderWay(one) || one.tidy !== true)
      await settleOrAbandon({ tokenId, attemptId: one.id }, by, ports);
  for (const one of liveCredentials(token)) await retire(await endingWork(tokenId, by, ports), one.id, ports);
}

/**
 * Brings an attempt to its end; one whose secret can be read no more is given up. What is gone is looked at
 * only when the usual way is refused: it is rare.
 */
export async function settleOrAbandon(
  command: { tokenId: string; attemptId: string },
  by: string,
  ports: Ports,
): Promise<void> {
  const work = await workOn(command.tokenId, by, ports).catch((error: unknown) => refusal(error));
  if (work instanceof KeyturnError) return settleGone(command, { by, why: work }, ports);
  return settle(work, command.attemptId, ports);
}

/** What says that a secret is gone, or cannot be rotated as it is. Everything else is thrown on. */
function refusal(error: unknown): KeyturnError {
  if (error instanceof KeyturnError && (error.code === 'not-found' || error.code === 'not-rotatable'))
    return error;
  throw error;
}

async function settleGone(
  { tokenId, attemptId }: { tokenId: string; attemptId: string },
  { by, why }: { by: string; why: KeyturnError },
  ports: Ports,
): Promise<void> {
  const { token } = await load(tokenId, ports);
  const secret = await describedOrGone(token, ports);
  if (secret.deletedAt === undefined) throw why;
  if (isRetiring(token)) return abandon(await endingWork(tokenId, by, ports), attemptId, ports);
  const wasCurrent = (secret.versions.get(attemptId) ?? []).some(
    (label) => label === 'AWSCURRENT' || label === 'AWSPREVIOUS',
  );
  if (wasCurrent) throw why;
  await change(tokenId, ports, (same) => ended(same, attemptId, ports.now()));
}

/** Where the secret cannot be read, no rotation goes on: one whose time is up is over. */
function ended(token: Token, attemptId: string, now: Instant): Token {
  const attempt = attemptOf(token, attemptId);
  if (!attempt || (!isUnderWay(attempt) && attempt.tidy === true)) return token;
  const isOver =
    !isUnderWay(attempt) ||
    attempt.inactive === true ||
    now >= Math.max(attempt.deadline, attempt.leaseUntil ?? 0);
  return isOver ? withoutRotation(token, attempt, now) : token;
}

/**
 * Whatever the attempt made has to be revoked: what was answered, and what the issuer lists under this
 * token's marker.
 */
async function abandon(work: Work, attemptId: string, ports: Ports): Promise<void> {
  const prefix = markerPrefix(ports.installation, work.secret.arn);
  const marked = ((await listOf(work.session)) ?? []).filter(
    (one) => one.active && one.name?.startsWith(prefix) === true,
  );
  await change(work.record, ports, (token) => {
    const made = token.attempts
      .filter((one) => one.id === attemptId)
      .flatMap((one) =>
        one.mints.flatMap(({ handle, reach }) => (handle === undefined ? [] : [{ handle, reach }])),
      );
    const held = new Set(token.credentials.map((one) => one.handle));
    const unknown = marked.filter((one) => !accountsFor(token, one));
    const lost = [
      ...made,
      ...unknown.map(({ handle, createdAt }) => ({ handle, createdAt, reach: work.session.reach })),
    ].filter(({ handle }) => !held.has(handle));
    const doing = lost.reduce(
      (
        one,
        {
          handle,
          createdAt,
          reach,
        }: { handle: string; createdAt?: number | undefined; reach?: Reach | undefined },
      ) =>
        recordedForRevocation(one, {
          at: ports.now(),
          handle,
          createdAt,
          reach,
          origin: 'minted',
          neverCurrent: false,
          reason: `made by the rotation ${attemptId} of an ended token`,
        }),
      token,
    );
    return withAttempt(doing, attemptId, (one) => ({
      ...one,
      state: one.state === 'promoted' ? one.state : 'aborted',
      endedAt: one.endedAt ?? ports.now(),
      tidy: true,
    }));
  });
}
