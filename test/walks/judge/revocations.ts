import type { House, Town } from '../town.ts';
import type { Kill } from '../watch.ts';

/**
 * `ended-in-use`: what AWSCURRENT of a registered secret names was ended by an installation, and no person
 * asked for the end of this very credential. What another installation loses is a violation only where its
 * marker stood on it: an adopted credential it cannot protect (Limits).
 */
export async function judgeKill(kill: Kill, town: Town): Promise<void> {
  const { value, handle, name } = kill.credential;
  if (town.ordered.has(value) || town.exposed.has(value)) return;
  for (const house of town.houses) {
    if (
      !town.isRegistered(house) ||
      !house.world.peek(house.arn).includes(value) ||
      (await isByOrder(house, handle, town))
    )
      continue;
    const told =
      `ended-in-use: ${kill.by} ended ${handle} (${kill.call}), which AWSCURRENT of ${house.name} in ` +
      `${town.installationOf(house.world)} names`;
    const isForeign = town.installationOf(house.world) !== kill.by;
    if (isForeign && name?.startsWith('keyturn-') !== true) town.limits.push(told);
    else town.seen.push(told);
  }
}

/** The policy of its own token orders it in words, or a person ended that token. */
async function isByOrder(house: House, handle: string, town: Town): Promise<boolean> {
  const record = await town.record(house);
  return (
    house.ended ||
    record?.credentials.some((one) => one.handle === handle && one.forcedRevocation !== undefined) === true
  );
}
