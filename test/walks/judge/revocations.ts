import type { ManagedSecret, Fleet } from '../fleet.ts';
import type { Ending } from '../watch.ts';

/**
 * `ended-in-use`: what AWSCURRENT of a registered secret names was ended by an installation, and no person
 * asked for the end of this very credential. What another installation loses is a violation only where its
 * own marker stood on it: an adopted credential it cannot protect (Limits).
 */
export async function judgeEnding(ending: Ending, fleet: Fleet): Promise<void> {
  const { value, handle, name } = ending.credential;
  if (fleet.ordered.has(value) || fleet.exposed.has(value)) return;
  for (const managed of fleet.secrets) {
    if (
      !fleet.isRegistered(managed) ||
      !managed.world.peek(managed.arn).includes(value) ||
      (await isByOrder(managed, handle, fleet))
    )
      continue;
    const told =
      `ended-in-use: ${ending.by} ended ${handle} (${ending.call}), which AWSCURRENT of ${managed.name} in ` +
      `${fleet.installationOf(managed.world)} names`;
    const loser = fleet.installationOf(managed.world);
    const isMarked = name?.startsWith('keyturn-') === true && fleet.watch.made.get(value) === loser;
    if (loser !== ending.by && !isMarked) fleet.limits.push(told);
    else fleet.seen.push(told);
  }
}

/** The policy of its own token orders it in words, or a person ended that token. */
async function isByOrder(managed: ManagedSecret, handle: string, fleet: Fleet): Promise<boolean> {
  const record = await fleet.record(managed);
  return (
    managed.ended ||
    record?.credentials.some((one) => one.handle === handle && one.forcedRevocation !== undefined) === true
  );
}
