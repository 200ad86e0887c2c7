import { formatInstant } from '../../../functions/core/basics/time.ts';
import * as z from 'zod';
import { parseSchedule } from './cron.ts';
import { AwsError } from './errors.ts';
import { operation } from './operation.ts';
import type { Principal, Service, World } from './types.ts';

/** A schedule of EventBridge Scheduler. Times are UTC. */
export interface Schedule {
  readonly name: string;
  /** `rate(…)` or `cron(…)`. */
  readonly expression: string;
  readonly targetArn: string;
  /**
   * The JSON text the target gets; `<aws.scheduler.scheduled-time>` and `<aws.scheduler.execution-id>` stand
   * for theirs.
   */
  readonly input?: string;
  /** The role that the schedule assumes to reach its target. */
  readonly role: Principal;
  readonly deadLetterArn?: string;
}

export interface Scheduler {
  readonly service: Service;
  /** Adds or replaces a schedule. A rate counts from now. */
  add(schedule: Schedule): void;
  remove(name: string): void;
}

export function createScheduler(world: World): Scheduler {
  const cancels = new Map<string, () => void>();
  const schedules = new Map<string, Schedule>();
  const run = async (schedule: Schedule, at: number): Promise<void> => {
    const time = formatInstant(at);
    const body = (schedule.input ?? '{}')
      .replaceAll('<aws.scheduler.scheduled-time>', time)
      .replaceAll('<aws.scheduler.execution-id>', world.uuid());
    try {
      await world.deliver(schedule.role, schedule.targetArn, { body });
    } catch (error) {
      if (!(error instanceof AwsError) || schedule.deadLetterArn === undefined) return;
      const ERROR_CODE = { DataType: 'String', StringValue: error.code };
      await world
        .deliver(schedule.role, schedule.deadLetterArn, { body, attributes: { ERROR_CODE } })
        .catch(() => undefined);
    }
  };
  const scheduler: Scheduler = {
    service: new Map([getSchedule(world, schedules)]),
    add: (schedule) => {
      scheduler.remove(schedule.name);
      schedules.set(schedule.name, schedule);
      const recurrence = parseSchedule(schedule.expression);
      const base = world.clock.now();
      const arm = (): void => {
        const now = world.clock.now();
        const at = recurrence.next(now, base);
        if (at === undefined) return;
        cancels.set(
          schedule.name,
          world.clock.after(at - now, () => {
            arm();
            void world.clock.activity(() => run(schedule, at));
          }),
        );
      };
      arm();
    },
    remove: (name) => {
      cancels.get(name)?.();
      cancels.delete(name);
      schedules.delete(name);
    },
  };
  return scheduler;
}

/** EventBridge Scheduler API Reference, "GetSchedule". Every schedule here is in the group `default`. */
function getSchedule(world: World, schedules: ReadonlyMap<string, Schedule>): ReturnType<typeof operation> {
  const arnOf = (name: string): string =>
    `arn:aws:scheduler:${world.region}:${world.account}:schedule/default/${name}`;
  return operation(
    'GetSchedule',
    z.strictObject({ Name: z.string(), GroupName: z.literal('default').optional() }),
    ({ Name }) => ({
      resource: arnOf(Name),
      checks: [{ action: 'scheduler:GetSchedule', resource: arnOf(Name) }],
      run: () => {
        const found = schedules.get(Name);
        if (!found) throw new AwsError('ResourceNotFoundException', `Schedule ${Name} does not exist.`, 404);
        const { expression, targetArn, input, role, deadLetterArn } = found;
        return {
          Arn: arnOf(Name),
          Name,
          GroupName: 'default',
          ScheduleExpression: expression,
          ScheduleExpressionTimezone: 'UTC',
          State: 'ENABLED',
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: {
            Arn: targetArn,
            ...(role.kind === 'role' && { RoleArn: `arn:aws:iam::${world.account}:role/${role.name}` }),
            ...(input !== undefined && { Input: input }),
            ...(deadLetterArn !== undefined && { DeadLetterConfig: { Arn: deadLetterArn } }),
          },
        };
      },
    }),
  );
}
