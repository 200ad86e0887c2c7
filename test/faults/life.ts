import {
  CancelRotateSecretCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { HOUR, MINUTE, type Millis } from '../../functions/core/basics/time.ts';
import type { VirtualClock } from '../../lib/sandbox/clock.ts';
import type { Issuer } from '../../lib/sandbox/issuers/simulator.ts';
import { INSPECT_EVERY } from '../../functions/core/policy/timing.ts';
import { isDisturbance, type Call, type Disturbance, type FaultPlan } from '../world/faults.ts';
import type { QueueOptions } from '../world/queue.ts';
import { World, type WorldOptions } from '../world/world.ts';
import { isAtRest, judge, judgeEnd, judgeRemains, type Remains, type Scene } from './judge.ts';
import { isAsked } from './person.ts';
import { READ, type Setting, type Started } from './settings.ts';

export const LENGTH = 5.75 * HOUR;
/** Grace, one aborted attempt and its repeat fit into this. */
export const LONGEST_UNREST = 4 * HOUR;
/** Whoever mints by hand tries the value before storing it: so long, unless a life says longer. */
const A_PERSONS_CARE = MINUTE;
/** A fault's attempt ends at its deadline, and the second sweep after that finds everything in order. */
export const TWO_SWEEPS = 70 * MINUTE;

export interface LifeOptions {
  readonly issuer: (clock: VirtualClock) => Issuer;
  readonly plan?: FaultPlan;
  readonly queue?: QueueOptions;
  /** Where AWS has more than one outcome; the sandbox's own choice, unless told. */
  readonly rotation?: WorldOptions['rotation'];
  /** How long a person waits for a value to be accepted before storing it. */
  readonly care?: Millis;
  /** A token that its consumer reads itself, unless told. */
  readonly setting?: Setting;
}

export interface LifeResult {
  readonly calls: readonly Call[];
  readonly violations: readonly string[];
}

/**
 * A whole life of one token: adopted, rotated under use, the old credential revoked and verified; then the
 * invariants are judged from the issuer's side.
 */
export async function live(options: LifeOptions): Promise<LifeResult> {
  const violations: string[] = [];
  const plan = options.plan ? [options.plan] : [];
  const setting = options.setting ?? READ;
  const { secret } = setting;
  const care = options.care ?? A_PERSONS_CARE;
  const world = new World({
    issuer: options.issuer,
    ...(options.rotation && { rotation: options.rotation }),
    plan,
    queue: options.queue ?? {},
    disturb: (same, disturbance) => disturb(same, { secret, care }, disturbance),
    ...setting.options(),
  });
  const life: Life = { ...setting, world, ...(await setting.begin(world)) };
  life.consumer.start();
  world.startSchedules();
  const checkAt = await untilFault(world, plan);
  const hit = options.plan?.fault;
  const byPerson = hit !== undefined && isDisturbance(hit);
  if (checkAt !== undefined && byPerson) await world.clock.advanceTo(checkAt + INSPECT_EVERY + HOUR);
  if (checkAt !== undefined && !byPerson) {
    await world.clock.advanceTo(checkAt + TWO_SWEEPS);
    violations.push(...judge(await sceneOf(life), hit).map((text) => `after two sweeps: ${text}`));
  }
  await world.clock.advanceTo(Math.max(world.clock.now(), world.startedAt + LENGTH));
  await untilRest(life);
  if (checkAt === undefined && byPerson && isHit(world, plan)) {
    // What was done this late is looked at as well.
    await world.clock.advanceBy(INSPECT_EVERY + HOUR);
    await untilRest(life);
  }
  violations.push(...judgeEnd(await sceneOf(life), hit), ...judgeRemains(await remainsOf(life)));
  return { calls: world.line.calls, violations };
}

/** A life while it is lived. */
interface Life extends Started, Pick<Setting, 'secret' | 'longestUnrest'> {
  readonly world: World;
}

async function sceneOf({ world, secret, arn, consumer, unserved, held }: Life): Promise<Scene> {
  const credentials = await world.issuer.credentials(secret);
  const record = await world.record(arn);
  return {
    record,
    ...(record && held && { held: held(record, credentials) }),
    labels: await world.labels(arn),
    current: world.peek(arn),
    credentials,
    consumer,
    unserved: await unserved(),
  };
}

async function remainsOf({ world, secret }: Life): Promise<Remains> {
  const values = (await world.issuer.credentials(secret)).map((one) => one.value);
  const written: Remains['written'] = [
    ['inventory', world.inventory.dump()],
    ['facts', JSON.stringify(world.facts)],
    ['log', world.logged.join('\n')],
    ['errors', world.errors.join('\n')],
    ['commands', JSON.stringify(world.queue.sent)],
  ];
  return { written, values, deadLetters: world.queue.deadLetters.length };
}

/** Runs until the planned call is made; resolves to when, undefined when it never was. */
async function untilFault(world: World, plan: readonly FaultPlan[]): Promise<number | undefined> {
  if (plan.length === 0) return undefined;
  const end = world.startedAt + LENGTH;
  while (world.clock.now() < end && !isHit(world, plan)) await world.clock.advanceBy(5 * MINUTE);
  return isHit(world, plan) ? world.clock.now() : undefined;
}

/** Whether the planned call was made. */
function isHit({ line }: World, [first]: readonly FaultPlan[]): boolean {
  return first !== undefined && line.calls.length > first.index;
}

/** Lets the system come to rest: a fault late in a life may fall into the next rotation. */
async function untilRest({ world, arn, longestUnrest = LONGEST_UNREST }: Life): Promise<void> {
  const end = world.clock.now() + longestUnrest;
  while (world.clock.now() < end) {
    const record = await world.record(arn);
    if (isAtRest(record) && !isAsked(record)) return;
    await world.clock.advanceBy(5 * MINUTE);
  }
}

/**
 * What a person, the console or a second run does in the middle of things. Refusals of Secrets Manager are
 * part of it.
 */
async function disturb(
  world: World,
  { secret, care }: Pick<Shelf, 'secret' | 'care'>,
  disturbance: Disturbance,
): Promise<void> {
  const arn = world.aws.secretsManager.find(secret)?.arn ?? secret;
  const labels = await world.labels(arn);
  const holding = (label: string): string | undefined =>
    [...labels].find(([, stages]) => stages.includes(label))?.[0];
  try {
    await carryOut(world, { secret, care, arn, holding }, disturbance);
  } catch (error) {
    world.errors.push(`disturbance refused: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}

type Shelf = {
  readonly secret: string;
  readonly care: Millis;
  readonly arn: string;
  readonly holding: (label: string) => string | undefined;
};

async function carryOut(world: World, shelf: Shelf, disturbance: Disturbance): Promise<void> {
  const SecretId = shelf.arn;
  switch (disturbance) {
    case 'console-rotates':
      await world.client.send(new RotateSecretCommand({ SecretId }));
      return;
    case 'labels-moved': {
      const [from, to] = [shelf.holding('AWSCURRENT'), shelf.holding('AWSPREVIOUS')];
      if (from && to)
        await world.client.send(
          new UpdateSecretVersionStageCommand({
            SecretId,
            VersionStage: 'AWSCURRENT',
            RemoveFromVersionId: from,
            MoveToVersionId: to,
          }),
        );
      return;
    }
    case 'pending-cleared': {
      const pending = shelf.holding('AWSPENDING');
      if (pending)
        await world.client.send(
          new UpdateSecretVersionStageCommand({
            SecretId,
            VersionStage: 'AWSPENDING',
            RemoveFromVersionId: pending,
          }),
        );
      else
        await world.client
          .send(new CancelRotateSecretCommand({ SecretId }))
          .then(() => world.client.send(new RotateSecretCommand({ SecretId, RotateImmediately: false })));
      return;
    }
    case 'revoked-by-hand': {
      const live = (await world.issuer.credentials(shelf.secret)).filter((one) => one.live);
      const current = await world.read(shelf.arn);
      const victim = live.find((one) => current.includes(one.value));
      if (victim) await world.issuer.revokeByHand(victim.handle);
      return;
    }
    case 'value-put-by-hand': {
      const SecretString = await world.issuer.createByHand(shelf.secret);
      await world.clock.sleep(shelf.care);
      await world.client.send(new PutSecretValueCommand({ SecretId, SecretString }));
      return;
    }
  }
}
