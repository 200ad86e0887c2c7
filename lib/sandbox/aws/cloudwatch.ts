import * as z from 'zod';
import { SECOND, type Instant } from '../../../functions/core/basics/time.ts';
import { AwsError } from './errors.ts';
import { operation } from './operation.ts';
import type { Check, Service, World } from './types.ts';

const State = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']);
type State = z.infer<typeof State>;

interface AlarmState {
  readonly value: State;
  readonly reason: string;
  readonly at: Instant;
}

interface Alarm {
  readonly name: string;
  readonly description: string | undefined;
  readonly state: AlarmState;
}

export interface CloudWatch {
  readonly service: Service;
}

/**
 * Metrics are not kept here: an alarm changes state when somebody says so, as
 * `aws cloudwatch set-alarm-state` does.
 */
class Alarms {
  readonly #alarms = new Map<string, Alarm>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  arnOf(name: string): string {
    return `arn:aws:cloudwatch:${this.#world.region}:${this.#world.account}:alarm:${name}`;
  }

  /** A new alarm has no data yet; an update leaves the state as it is (API reference, "PutMetricAlarm"). */
  put(name: string, description: string | undefined): void {
    const state = this.#alarms.get(name)?.state ?? {
      value: 'INSUFFICIENT_DATA' as const,
      reason: 'Unchecked: Initial alarm creation',
      at: this.#world.clock.now(),
    };
    this.#alarms.set(name, { name, description, state });
  }

  /** Only a change of state is an event (user guide, "Alarm events and EventBridge"). */
  set(name: string, value: State, reason: string): void {
    const alarm = this.#alarms.get(name);
    if (!alarm) throw new AwsError('ResourceNotFound', '', 404, { queryCode: 'ResourceNotFound' });
    if (alarm.state.value === value) return;
    const state = { value, reason, at: this.#world.clock.now() };
    this.#alarms.set(name, { ...alarm, state });
    this.#world.emit({
      source: 'aws.cloudwatch',
      detailType: 'CloudWatch Alarm State Change',
      resources: [this.arnOf(name)],
      detail: {
        alarmName: name,
        configuration: { description: alarm.description },
        previousState: shown(alarm.state),
        state: shown(state),
      },
    });
  }

  named(names: readonly string[] | undefined): object[] {
    const wanted =
      names === undefined
        ? [...this.#alarms.values()]
        : names.flatMap((name) => this.#alarms.get(name) ?? []);
    return wanted.map(({ name, description, state }) => ({
      AlarmName: name,
      AlarmArn: this.arnOf(name),
      AlarmDescription: description,
      StateValue: state.value,
      StateReason: state.reason,
      StateUpdatedTimestamp: state.at / SECOND,
      StateTransitionedTimestamp: state.at / SECOND,
    }));
  }
}

/** How the event writes an instant: `2019-10-02T17:04:40.985+0000`. */
function shown({ value, reason, at }: AlarmState): object {
  return { value, reason, timestamp: new Date(at).toISOString().replace('Z', '+0000') };
}

/** CloudWatch, as far as alarms go that are set by hand. */
export function createCloudWatch(world: World): CloudWatch {
  const alarms = new Alarms(world);
  const on = (action: string, resource: string): { resource: string; checks: Check[] } => ({
    resource,
    checks: [{ action: `cloudwatch:${action}`, resource }],
  });
  const operations = [
    operation(
      'PutMetricAlarm',
      z.looseObject({ AlarmName: z.string().min(1), AlarmDescription: z.string().optional() }),
      ({ AlarmName, AlarmDescription }) => ({
        ...on('PutMetricAlarm', alarms.arnOf(AlarmName)),
        run: () => alarms.put(AlarmName, AlarmDescription),
      }),
    ),
    operation(
      'SetAlarmState',
      z.strictObject({
        AlarmName: z.string(),
        StateValue: State,
        StateReason: z.string(),
        StateReasonData: z.string().optional(),
      }),
      (input) => ({
        ...on('SetAlarmState', alarms.arnOf(input.AlarmName)),
        run: () => alarms.set(input.AlarmName, input.StateValue, input.StateReason),
      }),
    ),
    operation(
      'DescribeAlarms',
      z.strictObject({
        AlarmNames: z.array(z.string()).max(100).optional(),
        AlarmTypes: z.array(z.enum(['CompositeAlarm', 'MetricAlarm'])).optional(),
        MaxRecords: z.number().optional(),
      }),
      ({ AlarmNames }) => ({
        ...on('DescribeAlarms', alarms.arnOf(AlarmNames?.length === 1 ? (AlarmNames[0] ?? '*') : '*')),
        run: () => ({ MetricAlarms: alarms.named(AlarmNames), CompositeAlarms: [] }),
      }),
    ),
  ];
  return { service: new Map(operations) };
}
