import { BELIEVED_AFTER } from '../../../functions/core/validity/inactivity-proof.ts';
import { DAY, formatInstant } from '../../../functions/core/basics/time.ts';
import { isUnderWay } from '../../../functions/core/token/lookups.ts';
import { liveCredentials } from '../../../functions/core/token/known-credentials.ts';
import { issuedAs, openOf, type Scene } from './scene.ts';

const LONGEST = 2 * DAY;

/**
 * `unfinished`: two days after everything is well, nothing is under way without a date that lies ahead or an
 * open finding.
 */
export function unfinished({ record, now, managed, all, isRegistered }: Scene): string[] {
  if (!record || openOf(record).length > 0)
    return isRegistered && !record && !managed.ended
      ? [`unfinished: ${managed.name} is registered and not in the inventory`]
      : [];
  const found: string[] = [];
  // What is let go is told once with all that it may have left, and nothing of it is planned any more.
  for (const one of record.detachedAt === undefined ? record.attempts : [])
    if ((isUnderWay(one) || one.tidy !== true) && now > one.openedAt + LONGEST)
      found.push(
        `the attempt ${one.id} of ${formatInstant(one.openedAt)} is ` +
          `${one.state}${one.tidy === true ? '' : ', and not accounted for'}`,
      );
  for (const one of liveCredentials(record)) {
    // Its revoke was accepted and its list leaves it out: it is believed revoked on a date that lies ahead.
    if (
      one.revokedAt !== undefined &&
      one.absent !== undefined &&
      now < one.revokedAt + BELIEVED_AFTER + LONGEST
    )
      continue;
    const since = one.revocationBegunAt ?? one.endingSince ?? one.supersededAt ?? 0;
    const isLate =
      one.state === 'previous'
        ? now > (one.supersededAt ?? 0) + record.policy.maxGrace + LONGEST
        : one.state !== 'current' && now > since + LONGEST;
    if (isLate && record.detachedAt === undefined)
      found.push(
        `${one.handle ?? one.id} is ${one.state}${one.verdict === undefined ? '' : `: ${one.verdict}`}`,
      );
  }
  if (record.outbox.length > 0) found.push('facts wait in the outbox');
  if (found.length > 0 || !isRegistered || managed.ended)
    return found.map((text) => `unfinished: ${managed.name}: ${text}`);
  const current = record.credentials.find((one) => one.state === 'current');
  const isNeeded =
    current === undefined || current.handle === undefined || issuedAs(all, current)?.live === true;
  return isNeeded
    ? []
    : [
        `unfinished: ${managed.name}: its current credential ${current?.handle ?? 'none'} is inactive, and ` +
          'no finding says so',
      ];
}

/** `lost`: what an installation made and no record names any more lives on, and no finding tells of it. */
export function lost(scenes: readonly Scene[]): string[] {
  const [first] = scenes;
  if (!first) return [];
  const { fleet, all } = first;
  const known = new Set(
    scenes.flatMap(
      ({ record }) =>
        record?.credentials.filter((one) => one.state !== 'ended').map((one) => one.handle) ?? [],
    ),
  );
  const told = new Set(scenes.flatMap(({ record }) => openOf(record).map((one) => one.subject)));
  const ours = all.filter(
    (one) =>
      one.live &&
      fleet.watch.made.get(one.value) === 'main' &&
      !known.has(one.handle) &&
      !told.has(one.handle),
  );
  return ours
    .filter((one) => !scenes.some((scene) => scene.text.includes(one.value)) && isWatched(scenes, one.value))
    .map((one) => `lost: ${one.handle} was made by us, lives, and is on no record`);
}

/**
 * A secret that is gone takes the knowledge of what it had with it, and a token that was let go is no longer
 * looked after.
 */
function isWatched(scenes: readonly Scene[], value: string): boolean {
  return (
    scenes.every(
      (scene) => scene.isRegistered && !scene.managed.ended && scene.managed.account === scene.managed.name,
    ) && value !== ''
  );
}
