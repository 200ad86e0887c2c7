import { tokenIdOf } from '../../../functions/core/basics/names.ts';
import { DAY } from '../../../functions/core/basics/time.ts';
import { isKept } from '../../../functions/core/token/kept-versions.ts';
import { credentialOf } from '../../../functions/core/token/lookups.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { holderOf, moveLabel } from '../../walks/people/labels.ts';
import type { Resident } from '../town.ts';
import type { Deed, Doing, Outcome, Scene } from './deed.ts';
import { SEEN_WITHIN, ask, changedOutOfBand, hasRoom, revokeText } from './secret-deeds.ts';

const MOVES = [
  'pending-on-current',
  'pending-on-previous',
  'pending-on-new',
  'own-on-previous',
  'current-back',
] as const;
type LabelMove = (typeof MOVES)[number];
const LABEL_OF: Readonly<Record<LabelMove, string>> = {
  'pending-on-current': 'AWSPENDING',
  'pending-on-previous': 'AWSPENDING',
  'pending-on-new': 'AWSPENDING',
  'own-on-previous': 'KEEP',
  'current-back': 'AWSCURRENT',
};

/** An old version that a person keeps is told of when its grace is over. */
const GRACE_AT_MOST = 7 * DAY;

/** Somebody moves a staging label by hand; an admin secret gets no value that was not made for it. */
export const moveALabel: Doing = async (one, scene) => {
  const how = scene.dice.oneOf(MOVES);
  if (how === 'pending-on-new') return one.isAdmin ? false : stageNew(one, scene);
  const place = { world: scene.world, arn: one.arn };
  const old = await previousOf(one, scene);
  if (how !== 'pending-on-current' && !old) return false;
  await moveLabel(place, how, async () => '');
  return old ? holdsAfter(one, how, old, scene) : true;
};

/** AWSPENDING that is on a version of no rotation is Keyturn's to clear: nothing is told, nobody acts. */
function holdsAfter(one: Resident, how: LabelMove, old: Credential, scene: Scene): Outcome {
  const label = LABEL_OF[how];
  if (holderOf({ world: scene.world, arn: one.arn }, label) !== old.id) return how === 'pending-on-current';
  if (label === 'KEEP') return keptOld(one, old.id, scene);
  if (label !== 'AWSCURRENT') return true;
  for (const consumer of one.booting) consumer.restart();
  return changedOutOfBand(one, `AWSCURRENT of ${one.name}, moved back`, scene);
}

function keptOld(one: Resident, id: string, { world }: Scene): Deed {
  const place = { world, arn: one.arn };
  return {
    arn: one.arn,
    what: `the version of ${one.name} that a label keeps`,
    toldBy: ['version-kept'],
    within: GRACE_AT_MOST + SEEN_WITHIN,
    stands: async () => {
      const record = await world.record(one.arn);
      const kept = record && credentialOf(record, id);
      return holderOf(place, 'KEEP') === id && kept?.state === 'previous' && isKept(kept);
    },
    mend: () => moveLabel(place, 'own-off', async () => ''),
  };
}

/** Somebody stages a value of their own, as blue/green deployments do, and gives it up when told. */
async function stageNew(one: Resident, scene: Scene): Promise<Outcome> {
  const { world } = scene;
  const place = { world, arn: one.arn };
  if (holderOf(place, 'AWSPENDING') !== undefined || !(await hasRoom(one, scene))) return false;
  const text = await world.issuer.createByHand(one.name);
  await moveLabel(place, 'pending-on-new', async () => text);
  const id = holderOf(place, 'AWSPENDING');
  if (id === undefined) {
    await revokeText(one, text, scene);
    return false;
  }
  return {
    arn: one.arn,
    what: `the value that was staged in ${one.name}`,
    toldBy: ['version-kept'],
    within: SEEN_WITHIN,
    stands: async () =>
      (await world.issuer.credentials(one.name)).some((other) => other.live && text.includes(other.value)),
    mend: () => ask(world, { kind: 'revoke', tokenId: tokenIdOf(one.arn), credentialId: id }),
  };
}

/** The old credential that may become current again, or be kept: it works, and nobody wants its end. */
async function previousOf(one: Resident, { world }: Scene): Promise<Credential | undefined> {
  const record = await world.record(one.arn);
  const id = holderOf({ world, arn: one.arn }, 'AWSPREVIOUS');
  const old = record?.credentials.find((other) => other.id === id);
  if (old?.state !== 'previous' || old.withoutGrace === true) return undefined;
  const live = (await world.issuer.credentials(one.name)).some(
    (other) => other.live && other.handle === old.handle,
  );
  return live ? old : undefined;
}
