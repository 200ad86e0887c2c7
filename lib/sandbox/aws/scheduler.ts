import { formatInstant } from '../../../functions/core/basics/time.ts';
import { parseSchedule } from './cron.ts';
import { AwsError } from './errors.ts';
import type { Principal, World } from './types.ts';

/** A schedule of EventBridge Scheduler. Times are UTC. */
export interface Schedule {
  readonly name: string;
  /** `rate(…)` or `cron(…)`. */
  readonly expression: string;
  readonly targetArn: string;
  /** The JSON text the target gets; `<aws.scheduler.scheduled-time>` and `<aws.scheduler.execution-id>` stand for theirs. */
  readonly input?: string;
  /** The role that the schedule assumes to reach its target. */
  readonly role: Principal;
  readonly deadLetterArn?: string;
}

export interface Scheduler {
  /** Adds or replaces a schedule. A rate counts from now. */
  add(schedule: Schedule): void;
  remove(name: string): void;
}

export function createScheduler(world: World): Scheduler {
  const cancels = new Map<string, () => void>();
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
    add: (schedule) => {
      scheduler.remove(schedule.name);
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
    },
  };
  return scheduler;
}
