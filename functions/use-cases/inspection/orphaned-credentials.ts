import { recordedForRevocation } from '../../core/token/recorded-for-revocation.ts';
import { markerPrefix } from '../../core/basics/names.ts';
import { SUSPECT_FOR } from '../../core/rotation/inspections.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import type { ListedCredential } from '../../core/issuer/provider.ts';
import { accountsFor } from '../../core/token/known-credentials.ts';
import { isUnderWay } from '../../core/token/lookups.ts';
import type { Token } from '../../core/token/token.ts';
import { change } from '../inventory/store.ts';
import { appearedAfter, clockHeard, type Work } from '../open-token/context.ts';

/**
 * A credential of this token that no record names is suspect at the first look and recorded for revocation at
 * a second one, an hour later.
 */
export async function lookForOrphanedCredentials(
  work: Work,
  { listed, since }: { listed: readonly ListedCredential[]; since: number },
  ports: Ports,
): Promise<Loaded> {
  const now = ports.now();
  const isComplete = await ports.inventory.isComplete();
  return change(work.record, ports, (token) => {
    if (token.attempts.some((one) => isUnderWay(one) || one.tidy !== true)) return token;
    const heard = { ...token, issuerClock: clockHeard(token, work.session.reach, since, ports) };
    const strange = lostCredentials(
      listed.filter((one) => one.active && !accountsFor(heard, one)),
      heard,
      work,
      ports,
    );
    const suspects = strange.map(
      (one) => token.suspects.find((old) => old.handle === one.handle) ?? { handle: one.handle, seenAt: now },
    );
    const lost = isComplete ? suspects.filter((one) => now - one.seenAt >= SUSPECT_FOR) : [];
    const doing = lost.reduce(
      (one, orphanedCredential) =>
        recordedForRevocation(one, {
          at: now,
          handle: orphanedCredential.handle,
          createdAt: listed.find((seen) => seen.handle === orphanedCredential.handle)?.createdAt,
          reach: work.session.reach,
          origin: 'found',
          neverCurrent: false,
          reason: 'active at the issuer, and no secret names it',
        }),
      token,
    );
    return sameSuspects(token, suspects) && lost.length === 0
      ? token
      : { ...doing, suspects: suspects.filter((one) => !lost.includes(one)) };
  });
}

function sameSuspects(token: Token, suspects: Token['suspects']): boolean {
  return (
    token.suspects.length === suspects.length &&
    suspects.every((one) => token.suspects.some((old) => old.handle === one.handle))
  );
}

/**
 * An orphaned credential carries our marker. In an account that is ours alone, it may also have appeared
 * where our creation was never answered. Others stop the next creation: whose they are is unknown.
 */
function lostCredentials(
  unknown: readonly ListedCredential[],
  token: Token,
  work: Work,
  ports: Ports,
): ListedCredential[] {
  const prefix = markerPrefix(ports.installation, work.secret.arn);
  const unanswered = token.attempts.flatMap((attempt) =>
    attempt.mints.filter((mint) => mint.before !== undefined && mint.handle === undefined),
  );
  const appeared = unknown.filter((one) =>
    unanswered.some((mint) => appearedAfter(mint, one, token.issuerClock)),
  );
  return appeared.length > unanswered.length
    ? unknown.filter((one) => one.name?.startsWith(prefix))
    : unknown.filter((one) => one.name?.startsWith(prefix) === true || appeared.includes(one));
}
