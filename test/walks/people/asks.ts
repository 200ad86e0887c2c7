import { RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { Command } from '../../../functions/core/commands/commands.ts';
import { isEnded } from '../../../functions/core/token/retirement.ts';
import { liveCredentials } from '../../../functions/core/token/known-credentials.ts';
import type { Ask } from '../moves.ts';
import type { House, Town } from '../town.ts';
import { refusable } from './refusable.ts';

/** A person asks for something, by the queue, as the command line does. */
export async function ask(town: Town, house: House, what: Ask): Promise<void> {
  const head = town.head(house);
  switch (what) {
    case 'rotate':
      return send(town, house, { ...head, kind: 'rotate' });
    case 'inspect':
      return send(town, house, { ...head, kind: 'inspect', secretArn: house.arn });
    case 'approve':
      return send(town, house, { ...head, kind: 'review', decision: 'approved' });
    case 'rollback':
      return rollBack(town, house);
    case 'leaked':
      return reportLeak(town, house);
    case 'end':
    case 'detach':
      return farewell(town, house, what === 'end' ? 'retire' : 'detach');
    case 'console-rotates':
      return void (await refusable(() =>
        house.world.client.send(new RotateSecretCommand({ SecretId: house.arn })),
      ));
    case 'switch-on':
      return switchOn(town, house);
  }
}

/** A person wants one credential dead without grace. */
export async function revokeByPerson(town: Town, house: House, which: 'current' | 'previous'): Promise<void> {
  const target = (await town.record(house))?.credentials.findLast((one) => one.state === which);
  const credential = await town.listedCredentialOf(target?.handle);
  if (!target || !credential) return;
  town.ordered.set(credential.value, town.clock.now());
  await send(town, house, { ...town.head(house), kind: 'revoke', credentialId: target.id });
}

async function rollBack(town: Town, house: House): Promise<void> {
  const previous = (await town.record(house))?.credentials.findLast((one) => one.state === 'previous');
  if (previous) await send(town, house, { ...town.head(house), kind: 'rollback', credentialId: previous.id });
}

async function reportLeak(town: Town, house: House): Promise<void> {
  const exposed = (await town.record(house))?.credentials.findLast((one) => one.state === 'current');
  const credential = await town.listedCredentialOf(exposed?.handle);
  if (exposed?.fingerprint === undefined || !credential || house.ended) return;
  if (!town.exposed.has(credential.value))
    town.exposed.set(credential.value, { at: town.clock.now(), arn: house.arn });
  await send(town, house, {
    ...town.head(house),
    kind: 'compromise',
    fingerprint: exposed.fingerprint,
    reportedAt: town.clock.now(),
    source: 'a walk',
  });
}

/** A token's end is an order to kill everything of it; a token that is let go is nobody's any more. */
async function farewell(town: Town, house: House, how: 'retire' | 'detach'): Promise<void> {
  const record = await town.record(house);
  if (!record) return;
  house.ended = true;
  for (const one of liveCredentials(record)) {
    const credential = how === 'retire' ? await town.listedCredentialOf(one.handle) : undefined;
    if (credential) town.ordered.set(credential.value, town.clock.now());
  }
  await send(town, house, { ...town.head(house), kind: 'end', how });
}

/** An end that a person asked for and that is under way goes on, and switches the rotation off at last. */
async function switchOn(town: Town, house: House): Promise<void> {
  const record = await town.record(house);
  if (await refusable(() => house.world.attachRotation(house.arn)))
    house.ended = house.ended && record !== undefined && !isEnded(record);
}

async function send(_town: Town, house: House, command: Command): Promise<void> {
  await house.world.queue.send(house.world.provider, [command]);
}
