import { CancelRotateSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { Command } from '../../../functions/core/commands/commands.ts';
import { tokenIdOf } from '../../../functions/core/basics/names.ts';
import { DAY, HOUR, type Millis } from '../../../functions/core/basics/time.ts';
import { deleteSecret, restoreSecret } from '../../walks/people/secrets.ts';
import { refusable } from '../../walks/people/refusable.ts';
import type { World } from '../../world/world.ts';
import type { Resident } from '../town.ts';
import type { Deed, Doing, Scene } from './deed.ts';

/** An inspection every six hours, a storm of five, and what stands before an issuer for eight. */
export const SEEN_WITHIN: Millis = DAY + 2 * HOUR;

/** An application of Okta has room for so many client secrets, whoever makes them. */
const ROOM = new Map([['okta', 2]]);

type Without<T> = T extends unknown ? Omit<T, 'notAfter'> : never;
/** A command whose end is an hour from now. */
export type Asked = Without<Command>;

/** A person asks Keyturn for something, as the command line does. */
export function ask(world: World, command: Asked): Promise<void> {
  return world.queue.send(world.provider, [{ ...command, notAfter: world.clock.now() + HOUR }]);
}

/** Somebody schedules a secret for deletion that is still needed. */
export const deleteIt: Doing = async (one, { world }) => {
  const { arn } = one;
  const hasCurrent = (await world.record(arn))?.credentials.some(({ state }) => state === 'current') === true;
  if (!hasCurrent || !(await deleteSecret({ world, arn }, 'scheduled'))) return false;
  return {
    arn,
    what: `the deletion of ${one.name}`,
    toldBy: ['secret-deleted'],
    within: SEEN_WITHIN,
    stands: async () => world.aws.secretsManager.find(arn)?.deletedAt !== undefined,
    mend: async () => void (await restoreSecret({ world, arn })),
  };
};

/** Somebody switches a rotation off, in the middle of one or not. */
export const switchOff: Doing = async (one, { world }) => {
  const { arn } = one;
  if (!(await refusable(() => world.client.send(new CancelRotateSecretCommand({ SecretId: arn })))))
    return false;
  return {
    arn,
    what: `the rotation of ${one.name} that is switched off`,
    toldBy: ['rotation-disabled'],
    within: SEEN_WITHIN,
    stands: async () => world.aws.secretsManager.find(arn)?.rotation?.enabled !== true,
    mend: async () => void (await refusable(() => world.attachRotation(arn))),
  };
};

/** Somebody makes a credential at the issuer, stores it, and restarts what reads at boot. */
export const putByHand: Doing = async (one, scene) => {
  const { world } = scene;
  const { arn } = one;
  if (!(await hasRoom(one, scene))) return false;
  const SecretString = await world.issuer.createByHand(one.name);
  if (
    !(await refusable(() => world.client.send(new PutSecretValueCommand({ SecretId: arn, SecretString }))))
  ) {
    await revokeText(one, SecretString, scene);
    return false;
  }
  for (const consumer of one.booting) consumer.restart();
  return changedOutOfBand(one, `the value that was put into ${one.name}`, scene);
};

/** Told as a change that no rotation made, until a person says that it was meant. */
export function changedOutOfBand(one: Resident, what: string, { world }: Scene): Deed {
  const { arn } = one;
  let isAccepted = false;
  return {
    arn,
    what,
    toldBy: ['out-of-band-change'],
    within: SEEN_WITHIN,
    stands: async () =>
      !isAccepted ||
      (await world.record(arn))?.noted.some(({ kind }) => kind === 'out-of-band-change') === true,
    mend: async () => {
      isAccepted = true;
      await ask(world, { kind: 'accept', tokenId: tokenIdOf(arn), subject: 'value' });
    },
  };
}

/** Whether an issuer lets a person make one more. */
export async function hasRoom(one: Resident, { world }: Scene): Promise<boolean> {
  const live = (await world.issuer.credentials(one.name)).filter((other) => other.live);
  return live.length < (ROOM.get(world.provider) ?? Infinity);
}

/** What was made for nothing is taken back. */
export async function revokeText(one: Resident, text: string, { world }: Scene): Promise<void> {
  const made = (await world.issuer.credentials(one.name)).find(({ value }) => text.includes(value));
  if (made) await world.issuer.revokeByHand(made.handle);
}
