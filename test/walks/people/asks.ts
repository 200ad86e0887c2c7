import { RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { Command } from '../../../functions/core/commands/commands.ts';
import { isEnded } from '../../../functions/core/token/retirement.ts';
import { liveCredentials } from '../../../functions/core/token/known-credentials.ts';
import type { Ask } from '../moves.ts';
import type { ManagedSecret, Fleet } from '../fleet.ts';
import { refusable } from './refusable.ts';

/** A person asks for something, by the queue, as the command line does. */
export async function ask(fleet: Fleet, managed: ManagedSecret, what: Ask): Promise<void> {
  const head = fleet.head(managed);
  switch (what) {
    case 'rotate':
      return send(fleet, managed, { ...head, kind: 'rotate' });
    case 'inspect':
      return send(fleet, managed, { ...head, kind: 'inspect', secretArn: managed.arn });
    case 'approve':
      return send(fleet, managed, { ...head, kind: 'review', decision: 'approved' });
    case 'rollback':
      return rollBack(fleet, managed);
    case 'leaked':
      return reportLeak(fleet, managed);
    case 'end':
    case 'detach':
      return farewell(fleet, managed, what === 'end' ? 'retire' : 'detach');
    case 'console-rotates':
      return void (await refusable(() =>
        managed.world.client.send(new RotateSecretCommand({ SecretId: managed.arn })),
      ));
    case 'switch-on':
      return switchOn(fleet, managed);
  }
}

/** A person wants one credential revoked without grace. */
export async function revokeByPerson(
  fleet: Fleet,
  managed: ManagedSecret,
  which: 'current' | 'previous',
): Promise<void> {
  const target = (await fleet.record(managed))?.credentials.findLast((one) => one.state === which);
  const credential = await fleet.listedCredentialOf(target?.handle);
  if (!target || !credential) return;
  fleet.ordered.set(credential.value, fleet.clock.now());
  await send(fleet, managed, { ...fleet.head(managed), kind: 'revoke', credentialId: target.id });
}

async function rollBack(fleet: Fleet, managed: ManagedSecret): Promise<void> {
  const previous = (await fleet.record(managed))?.credentials.findLast((one) => one.state === 'previous');
  if (previous)
    await send(fleet, managed, { ...fleet.head(managed), kind: 'rollback', credentialId: previous.id });
}

async function reportLeak(fleet: Fleet, managed: ManagedSecret): Promise<void> {
  const exposed = (await fleet.record(managed))?.credentials.findLast((one) => one.state === 'current');
  const credential = await fleet.listedCredentialOf(exposed?.handle);
  if (exposed?.fingerprint === undefined || !credential || managed.ended) return;
  if (!fleet.exposed.has(credential.value))
    fleet.exposed.set(credential.value, { at: fleet.clock.now(), arn: managed.arn });
  await send(fleet, managed, {
    ...fleet.head(managed),
    kind: 'compromise',
    fingerprint: exposed.fingerprint,
    reportedAt: fleet.clock.now(),
    source: 'a walk',
  });
}

/** A token's end is an order to ending everything of it; a token that is let go is nobody's any more. */
async function farewell(fleet: Fleet, managed: ManagedSecret, how: 'retire' | 'detach'): Promise<void> {
  const record = await fleet.record(managed);
  if (!record) return;
  managed.ended = true;
  for (const one of liveCredentials(record)) {
    const credential = how === 'retire' ? await fleet.listedCredentialOf(one.handle) : undefined;
    if (credential) fleet.ordered.set(credential.value, fleet.clock.now());
  }
  await send(fleet, managed, { ...fleet.head(managed), kind: 'end', how });
}

/** An end that a person asked for and that is under way goes on, and switches the rotation off at last. */
async function switchOn(fleet: Fleet, managed: ManagedSecret): Promise<void> {
  const record = await fleet.record(managed);
  if (await refusable(() => managed.world.attachRotation(managed.arn)))
    managed.ended = managed.ended && record !== undefined && !isEnded(record);
}

async function send(_fleet: Fleet, managed: ManagedSecret, command: Command): Promise<void> {
  await managed.world.queue.send(managed.world.provider, [command]);
}
