import {
  DeleteSecretCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { isEnded } from '../../../functions/core/token/retirement.ts';
import type { PUTS } from '../moves.ts';
import type { ManagedSecret, Fleet } from '../fleet.ts';
import type { Place } from './labels.ts';
import { refusable } from './refusable.ts';

/** Somebody stores the same value under another name, or in the other installation. */
export async function copy(
  fleet: Fleet,
  managed: ManagedSecret,
  how: 'granted' | 'without-grant' | 'other-admin' | 'neighbor',
): Promise<void> {
  const value = managed.world.peek(managed.arn);
  if (value === '' || fleet.secrets.length > 8) return;
  if (how === 'neighbor') return copyNextDoor(fleet, value);
  const admin = how === 'other-admin' ? `keyturn/admin/${fleet.setup.provider}/second` : managed.admin;
  const made = await fleet.addSecret({
    name: fleet.nextName(),
    consumer: 'caches',
    value,
    isGranted: false,
    admin,
  });
  if (how === 'without-grant') return;
  made.account = managed.account;
  await fleet.writeAdmins();
}

async function copyNextDoor(fleet: Fleet, value: string): Promise<void> {
  const next = fleet.secrets.find((one) => one.world === fleet.neighbor);
  if (next)
    await refusable(() =>
      next.world.client.send(new PutSecretValueCommand({ SecretId: next.arn, SecretString: value })),
    );
}

/** A token that was let go of, and that nothing has taken up again by now, stays let go of. */
export async function destroy(
  fleet: Fleet,
  managed: ManagedSecret,
  how: 'scheduled' | 'forced',
): Promise<void> {
  managed.ended ||= await isLetGo(fleet, managed);
  await deleteSecret(managed, how);
}

/** A person deletes a secret: at once, or in a week. */
export async function deleteSecret({ world, arn }: Place, how: 'scheduled' | 'forced'): Promise<boolean> {
  const wanted = how === 'forced' ? { ForceDeleteWithoutRecovery: true } : { RecoveryWindowInDays: 7 };
  return refusable(() => world.client.send(new DeleteSecretCommand({ SecretId: arn, ...wanted })));
}

/** A person takes a deletion back that has not taken place. */
export async function restoreSecret({ world, arn }: Place): Promise<boolean> {
  return refusable(() => world.client.send(new RestoreSecretCommand({ SecretId: arn })));
}

/** With its rotation switched on, it is to be taken up again. */
export async function restore(fleet: Fleet, managed: ManagedSecret): Promise<void> {
  await restoreSecret(managed);
  const rotates = managed.world.aws.secretsManager.find(managed.arn)?.rotation?.enabled === true;
  if (rotates && (await isLetGo(fleet, managed))) managed.ended = false;
}

async function isLetGo(fleet: Fleet, managed: ManagedSecret): Promise<boolean> {
  const record = await fleet.record(managed);
  return record !== undefined && isEnded(record);
}

/** The secret goes, and another comes under its name. */
export async function remake(
  fleet: Fleet,
  managed: ManagedSecret,
  value: 'same' | 'other' | 'none',
): Promise<void> {
  const old = managed.world.peek(managed.arn);
  await restore(fleet, managed);
  await destroy(fleet, managed, 'forced');
  // A forced deletion is done a moment later.
  await fleet.clock.advanceBy(1_000);
  const fresh = value === 'other' ? await fleet.issuer.createByHand(managed.account ?? managed.name) : old;
  await refusable(async () => {
    const before = { ...managed };
    managed.arn = await fleet.createSecret(managed, value === 'none' || fresh === '' ? undefined : fresh);
    managed.ended = false;
    // What was known of the one before is still to be seen to.
    fleet.secrets.push({ ...before, account: undefined });
  });
}

/** A person puts a value into a secret by hand. */
export async function put(fleet: Fleet, managed: ManagedSecret, what: (typeof PUTS)[number]): Promise<void> {
  const SecretString = await textOf(fleet, managed, what);
  if (SecretString !== undefined)
    await refusable(() =>
      managed.world.client.send(new PutSecretValueCommand({ SecretId: managed.arn, SecretString })),
    );
}

async function textOf(
  fleet: Fleet,
  managed: ManagedSecret,
  what: (typeof PUTS)[number],
): Promise<string | undefined> {
  const text = managed.world.peek(managed.arn);
  switch (what) {
    case 'good':
      return fleet.issuer.createByHand(managed.account ?? managed.name);
    case 'revoked':
      return revokedText(fleet, managed, text);
    case 'copy':
      return (
        fleet.secrets
          .find((one) => one !== managed && one.world === managed.world)
          ?.world.peek(managed.arn) || undefined
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

/** A text whose credential was revoked already. */
async function revokedText(fleet: Fleet, managed: ManagedSecret, text: string): Promise<string | undefined> {
  const made = await fleet.issuer.createByHand(managed.account ?? managed.name);
  const credential = (await fleet.watch.all()).find((one) => made.includes(one.value));
  if (!credential || text === '') return undefined;
  await fleet.issuer.revokeByHand(credential.handle);
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
export function setReplica(managed: ManagedSecret, status: 'Failed' | 'InSync' | 'none'): Promise<void> {
  const secret = managed.world.aws.secretsManager.find(managed.arn);
  if (secret) secret.replicas = status === 'none' ? [] : [{ Region: 'eu-west-1', Status: status }];
  return Promise.resolve();
}
