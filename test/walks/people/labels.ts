import { PutSecretValueCommand, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import type { LABEL_MOVES } from '../moves.ts';
import type { World } from '../../world/world.ts';
import { refusable } from './refusable.ts';

const OWN = 'KEEP';

/** A secret, and the installation that it belongs to. */
export interface Place {
  readonly world: World;
  readonly arn: string;
}

/** The id of the version that carries a staging label now. */
export function holderOf({ world, arn }: Place, label: string): string | undefined {
  const versions = [...(world.aws.secretsManager.find(arn)?.versions ?? [])];
  return versions.find(([, version]) => version.stages.has(label))?.[0];
}

/** A person moves a staging label by hand; `made` is what a person stages as a value of their own. */
export async function moveLabel(
  place: Place,
  how: (typeof LABEL_MOVES)[number],
  made: () => Promise<string>,
): Promise<void> {
  const move = (VersionStage: string, to: string | undefined, from: string | undefined): Promise<boolean> =>
    refusable(() =>
      place.world.client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: place.arn,
          VersionStage,
          ...(to !== undefined && { MoveToVersionId: to }),
          ...(from !== undefined && { RemoveFromVersionId: from }),
        }),
      ),
    );
  const [current, previous, pending, own] = ['AWSCURRENT', 'AWSPREVIOUS', 'AWSPENDING', OWN].map((label) =>
    holderOf(place, label),
  );
  switch (how) {
    case 'current-back':
      return previous === undefined ? undefined : void (await move('AWSCURRENT', previous, current));
    case 'pending-on-current':
      return void (await move('AWSPENDING', current, pending));
    case 'pending-on-previous':
      return previous === undefined ? undefined : void (await move('AWSPENDING', previous, pending));
    case 'pending-on-new':
      return stage(place, await made());
    case 'pending-off':
      return pending === undefined ? undefined : void (await move('AWSPENDING', undefined, pending));
    case 'own-on-previous':
      return previous === undefined ? undefined : void (await move(OWN, previous, own));
    case 'own-off':
      return own === undefined ? undefined : void (await move(OWN, undefined, own));
  }
}

/** Somebody stages a value of their own, as blue/green deployments do. */
async function stage({ world, arn }: Place, SecretString: string): Promise<void> {
  await refusable(() =>
    world.client.send(
      new PutSecretValueCommand({ SecretId: arn, SecretString, VersionStages: ['AWSPENDING'] }),
    ),
  );
}
