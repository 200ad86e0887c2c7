import { PutSecretValueCommand, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import type { LABEL_MOVES } from '../moves.ts';
import type { House, Town } from '../town.ts';
import { refusable } from './refusable.ts';

const OWN = 'KEEP';

/** A person moves a staging label by hand. */
export async function moveLabel(town: Town, house: House, how: (typeof LABEL_MOVES)[number]): Promise<void> {
  const secret = house.world.aws.secretsManager.find(house.arn);
  const holding = (label: string): string | undefined =>
    [...(secret?.versions ?? [])].find(([, version]) => version.stages.has(label))?.[0];
  const move = (VersionStage: string, to: string | undefined, from: string | undefined): Promise<boolean> =>
    refusable(() =>
      house.world.client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: house.arn,
          VersionStage,
          ...(to !== undefined && { MoveToVersionId: to }),
          ...(from !== undefined && { RemoveFromVersionId: from }),
        }),
      ),
    );
  const [current, previous, pending, own] = ['AWSCURRENT', 'AWSPREVIOUS', 'AWSPENDING', OWN].map(holding);
  switch (how) {
    case 'current-back':
      return previous === undefined ? undefined : void (await move('AWSCURRENT', previous, current));
    case 'pending-on-current':
      return void (await move('AWSPENDING', current, pending));
    case 'pending-on-previous':
      return previous === undefined ? undefined : void (await move('AWSPENDING', previous, pending));
    case 'pending-on-new':
      return stage(town, house);
    case 'pending-off':
      return pending === undefined ? undefined : void (await move('AWSPENDING', undefined, pending));
    case 'own-on-previous':
      return previous === undefined ? undefined : void (await move(OWN, previous, own));
    case 'own-off':
      return own === undefined ? undefined : void (await move(OWN, undefined, own));
  }
}

/** Somebody stages a value of their own, as blue/green deployments do. */
async function stage(town: Town, house: House): Promise<void> {
  const SecretString = await town.issuer.createByHand(house.account ?? house.name);
  await refusable(() =>
    house.world.client.send(
      new PutSecretValueCommand({ SecretId: house.arn, SecretString, VersionStages: ['AWSPENDING'] }),
    ),
  );
}
