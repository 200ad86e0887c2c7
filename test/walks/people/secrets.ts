import {
  DeleteSecretCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { isEnded } from '../../../functions/core/token/retirement.ts';
import type { PUTS } from '../moves.ts';
import type { House, Town } from '../town.ts';
import { refusable } from './refusable.ts';

/** Somebody stores the same value under another name, or in the other installation. */
export async function copy(
  town: Town,
  house: House,
  how: 'granted' | 'without-grant' | 'other-admin' | 'neighbour',
): Promise<void> {
  const value = house.world.peek(house.arn);
  if (value === '' || town.houses.length > 8) return;
  if (how === 'neighbour') return copyNextDoor(town, value);
  const admin = how === 'other-admin' ? `keyturn/admin/${town.setup.provider}/second` : house.admin;
  const made = await town.addHouse({
    name: town.nextName(),
    consumer: 'caches',
    value,
    isGranted: false,
    admin,
  });
  if (how === 'without-grant') return;
  made.account = house.account;
  await town.writeAdmins();
}

async function copyNextDoor(town: Town, value: string): Promise<void> {
  const next = town.houses.find((one) => one.world === town.neighbour);
  if (next)
    await refusable(() =>
      next.world.client.send(new PutSecretValueCommand({ SecretId: next.arn, SecretString: value })),
    );
}

/** A token that was let go of, and that nothing has taken up again by now, stays let go of. */
export async function destroy(town: Town, house: House, how: 'scheduled' | 'forced'): Promise<void> {
  const wanted = how === 'forced' ? { ForceDeleteWithoutRecovery: true } : { RecoveryWindowInDays: 7 };
  house.ended ||= await isLetGo(town, house);
  await refusable(() => house.world.client.send(new DeleteSecretCommand({ SecretId: house.arn, ...wanted })));
}

/** With its rotation switched on, it is to be taken up again. */
export async function restore(town: Town, house: House): Promise<void> {
  await refusable(() => house.world.client.send(new RestoreSecretCommand({ SecretId: house.arn })));
  const rotates = house.world.aws.secretsManager.find(house.arn)?.rotation?.enabled === true;
  if (rotates && (await isLetGo(town, house))) house.ended = false;
}

async function isLetGo(town: Town, house: House): Promise<boolean> {
  const record = await town.record(house);
  return record !== undefined && isEnded(record);
}

/** The secret goes, and another comes under its name. */
export async function remake(town: Town, house: House, value: 'same' | 'other' | 'none'): Promise<void> {
  const old = house.world.peek(house.arn);
  await restore(town, house);
  await destroy(town, house, 'forced');
  // A forced deletion is done a moment later.
  await town.clock.advanceBy(1_000);
  const fresh = value === 'other' ? await town.issuer.createByHand(house.account ?? house.name) : old;
  await refusable(async () => {
    const before = { ...house };
    house.arn = await town.createSecret(house, value === 'none' || fresh === '' ? undefined : fresh);
    house.ended = false;
    // What was known of the one before is still to be seen to.
    town.houses.push({ ...before, account: undefined });
  });
}

/** A person puts a value into a secret by hand. */
export async function put(town: Town, house: House, what: (typeof PUTS)[number]): Promise<void> {
  const SecretString = await textOf(town, house, what);
  if (SecretString !== undefined)
    await refusable(() =>
      house.world.client.send(new PutSecretValueCommand({ SecretId: house.arn, SecretString })),
    );
}

async function textOf(town: Town, house: House, what: (typeof PUTS)[number]): Promise<string | undefined> {
  const text = house.world.peek(house.arn);
  switch (what) {
    case 'good':
      return town.issuer.createByHand(house.account ?? house.name);
    case 'dead':
      return dead(town, house, text);
    case 'copy':
      return (
        town.houses.find((one) => one !== house && one.world === house.world)?.world.peek(house.arn) ||
        undefined
      );
    case 'wrapped':
      return text === '' ? undefined : JSON.stringify({ data: { old: text } });
    case 'other-field':
      return text === '' ? undefined : JSON.stringify({ note: 'moved', GITLAB_TOKEN: valueOf(text) });
    case 'white-space':
      return text === '' ? undefined : `  ${text}\n`;
    case 'bearer':
      return text === '' ? undefined : `Bearer ${valueOf(text)}`;
    case 'rubbish':
      return 'to be filled in by the platform team';
    case 'empty-object':
      return '{}';
  }
}

/** A text whose credential is dead already. */
async function dead(town: Town, house: House, text: string): Promise<string | undefined> {
  const made = await town.issuer.createByHand(house.account ?? house.name);
  const credential = (await town.watch.all()).find((one) => made.includes(one.value));
  if (!credential || text === '') return undefined;
  await town.issuer.revokeByHand(credential.handle);
  return made;
}

function valueOf(text: string): string {
  try {
    const stored = JSON.parse(text) as Record<string, unknown>;
    const value = stored['token'] ?? stored['client_secret'];
    return typeof value === 'string' ? value : '';
  } catch {
    return text.trim();
  }
}

/** What Secrets Manager says of the copy in another Region. */
export function setReplica(house: House, status: 'Failed' | 'InSync' | 'none'): Promise<void> {
  const secret = house.world.aws.secretsManager.find(house.arn);
  if (secret) secret.replicas = status === 'none' ? [] : [{ Region: 'eu-west-1', Status: status }];
  return Promise.resolve();
}
