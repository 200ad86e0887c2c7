import assert from 'node:assert/strict';
import { Command } from '../../functions/core/commands/commands.ts';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { openAttempt } from '../../functions/core/token/lookups.ts';
import { rotate } from '../../functions/use-cases/replacement/index.ts';
import type { RotationEvent } from '../../functions/use-cases/rotation/index.ts';
import { judgeEnd } from '../faults/judge.ts';
import type { FaultPlan } from '../world/faults.ts';
import type { World, WorldOptions } from '../world/world.ts';
import {
  CALM,
  NAME,
  adopted,
  drive,
  inGrace,
  issued,
  recordOf,
  send,
  type Home,
  type Subject,
} from './home.ts';

type StepName = RotationEvent['step'];

/** A rotation that is open and pending while Secrets Manager calls no step by itself. */
export interface Late extends Home {
  readonly attemptId: string;
  /** Has something done right before one of the calls to come, counted from now. */
  readonly before: (call: number | undefined, run: () => Promise<unknown>) => void;
  /** The same, of several calls. */
  readonly beforeEach: (planned: ReadonlyMap<number, () => Promise<unknown>>) => void;
}

export interface Begun {
  /** Steps that ran already. */
  readonly steps?: readonly StepName[];
  /** A credential in grace from an earlier rotation. */
  readonly grace?: boolean;
  readonly tags?: Record<string, string>;
  readonly options?: Partial<WorldOptions>;
}

/** Opens an attempt and keeps Secrets Manager from going on with it. */
export async function begun(subject: Subject, given: Begun = {}): Promise<Late> {
  const plan: FaultPlan[] = [];
  const asked = new Map<number, () => Promise<unknown>>();
  const options = {
    ...given.options,
    plan,
    disturb: async (world: World) => void (await asked.get(world.line.calls.length - 1)?.()),
  };
  const home = await (given.grace === true ? inGrace : adopted)(subject, {
    tags: given.tags ?? CALM,
    options,
  });
  home.world.stopped.add('rotate');
  assert.ok(await send(home.world, home.arn, { kind: 'rotate' }));
  const attempt = openAttempt(await recordOf(home));
  assert.ok(attempt, 'no rotation was begun');
  const beforeEach: Late['beforeEach'] = (planned) => {
    const start = home.world.line.calls.length;
    asked.clear();
    for (const [call, run] of planned) asked.set(start + call, run);
    plan.splice(
      0,
      plan.length,
      ...[...asked.keys()].map((index) => ({ index, fault: 'console-rotates' as const })),
    );
  };
  const before: Late['before'] = (call, run) =>
    beforeEach(call === undefined ? new Map() : new Map([[call, run]]));
  const late: Late = { ...home, attemptId: attempt.id, before, beforeEach };
  for (const step of given.steps ?? [])
    assert.equal(await drive(home.world, () => stepOf(late, step)), undefined, step);
  return late;
}

/**
 * A step as Secrets Manager asks for it, at once, whatever it thinks of the rotation itself. Resolves to why
 * it failed.
 */
export function stepOf(
  { world, arn, attemptId }: Pick<Late, 'world' | 'arn' | 'attemptId'>,
  step: StepName,
): Promise<string | undefined> {
  return world.run(`late ${step}`, 10 * MINUTE, (ports) =>
    rotate({ step, secretArn: arn, requestToken: attemptId }, world.provider, ports),
  );
}

/** The steps from one on, until one fails. */
export async function stepsOf(late: Late, steps: readonly StepName[]): Promise<void> {
  for (const step of steps) if ((await stepOf(late, step)) !== undefined) return;
}

export async function settleNow(late: Late): Promise<void> {
  await late.world.command(
    Command.parse({
      kind: 'settle',
      tokenId: tokenIdOf(late.arn),
      attemptId: late.attemptId,
      notAfter: late.world.clock.now() + HOUR,
    }),
  );
}

/** Secrets Manager works again and both schedules run; when all is at rest, says what is wrong. */
export async function outcome(home: Home, length = 9 * HOUR): Promise<string[]> {
  const { world, arn } = home;
  world.line.heal();
  world.stopped.delete('rotate');
  world.startSchedules();
  await world.clock.advanceBy(length);
  const scene = {
    record: await world.record(arn),
    labels: await world.labels(arn),
    current: world.peek(arn),
    credentials: await issued(world, NAME),
    consumer: { calls: () => 50, failures: () => 0 },
  };
  const pending = [...scene.labels].filter(
    ([, labels]) => labels.includes('AWSPENDING') && !labels.includes('AWSCURRENT'),
  );
  return [...judgeEnd(scene, undefined), ...pending.map(([version]) => `AWSPENDING is on ${version}`)];
}
