import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import {
  HEARTBEAT,
  NAMESPACE,
  serviceOf,
  type Part,
} from '../../../functions/core/inventory/metric-names.ts';
import type { AlarmKind } from '../alarm-rules.ts';
import { minutesOf } from '../settings/notation.ts';
import { TELL_EVERY } from './alerts.ts';
import { reconcileRunsEvery } from './reconcile.ts';
import type { Foundation } from './foundation.ts';
import { EVERY } from './measures.ts';
import { KeyturnAlarm } from './keyturn-alarm.ts';

/**
 * How many metrics the expression of one alarm may use (CloudWatch user guide, "Creating an alarm based on a
 * math expression").
 */
const METRICS_PER_ALARM = 10;

/**
 * A command is valid for a quarter of an hour at most when it comes from the sweep, and longer when a person
 * asks.
 */
const LATE = Duration.minutes(20);

/** What is watched, by name: what lies in a nested stack needs no output of it for that. */
export interface AlarmsProps {
  readonly foundation: Foundation;
  readonly topic: ITopic;
  readonly deadLetterQueues: readonly string[];
  readonly providerFunctions: readonly string[];
  readonly coreFunctions: readonly string[];
  readonly sweep: string;
  readonly rotateFunctions: readonly string[];
  readonly alertQueue: string;
  readonly commandQueues: readonly string[];
}

function ofFunction(name: string, metricName: 'Errors' | 'Throttles', period: Duration): Metric {
  return new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: { FunctionName: name },
    statistic: 'Sum',
    period,
  });
}

function ofQueue(
  name: string,
  metricName: 'ApproximateNumberOfMessagesVisible' | 'ApproximateAgeOfOldestMessage',
): Metric {
  return new Metric({
    namespace: 'AWS/SQS',
    metricName,
    dimensionsMap: { QueueName: name },
    statistic: 'Maximum',
    period: Duration.minutes(5),
  });
}

/**
 * Few alarms over many things, since each costs money every month: the message names the kind, the metric
 * names the function.
 */
export class Alarms extends Construct {
  readonly #base: { foundation: Foundation; topic: ITopic };

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.#base = { foundation: props.foundation, topic: props.topic };
    const quarter = Duration.minutes(15);
    const hour = Duration.hours(1);
    const { sweepInterval } = props.foundation.settings;
    this.#sum(
      'dead-letters',
      1,
      props.deadLetterQueues.map((queue) => ofQueue(queue, 'ApproximateNumberOfMessagesVisible')),
    );
    this.#sum(
      'provider-errors',
      5,
      props.providerFunctions.map((fn) => ofFunction(fn, 'Errors', hour)),
    );
    this.#sum(
      'core-errors',
      2,
      props.coreFunctions.map((fn) => ofFunction(fn, 'Errors', hour)),
    );
    this.#sum(
      'throttles',
      1,
      [props.sweep, ...props.rotateFunctions].map((fn) => ofFunction(fn, 'Throttles', quarter)),
    );
    this.#one('alerts-late', quarter.toSeconds(), ofQueue(props.alertQueue, 'ApproximateAgeOfOldestMessage'));
    this.#worst(
      'commands-late',
      LATE.toSeconds(),
      props.commandQueues.map((queue) => ofQueue(queue, 'ApproximateAgeOfOldestMessage')),
    );
    this.#silent('sweep-silent', 'sweep', minutesOf(sweepInterval) * 3);
    this.#silent('alerts-silent', 'alert', TELL_EVERY * 3);
    this.#silent('measure-silent', 'measure', EVERY.toMinutes() * 3);
    this.#silent('canary-silent', 'canary', reconcileRunsEvery(props.foundation.settings) * 3);
  }

  #one(kind: AlarmKind, threshold: number, metric: IMetric): void {
    new KeyturnAlarm(this, kind, { ...this.#base, kind, metric, threshold });
  }

  /** A part that fails in the middle is as silent as one that is not called. */
  #silent(kind: AlarmKind, part: Part, minutes: number): void {
    const dimensionsMap = { service: serviceOf(this.#base.foundation.settings.installation), part };
    const metric = new Metric({
      namespace: NAMESPACE,
      metricName: HEARTBEAT,
      dimensionsMap,
      statistic: 'Sum',
      period: Duration.minutes(minutes),
    });
    new KeyturnAlarm(this, kind, { ...this.#base, kind, metric, threshold: 1, below: true });
  }

  #worst(kind: AlarmKind, threshold: number, metrics: readonly IMetric[]): void {
    this.#inParts(kind, threshold, { metrics, expression: (ids) => `MAX([${ids.join(',')}])` });
  }

  #sum(kind: AlarmKind, threshold: number, metrics: readonly IMetric[]): void {
    this.#inParts(kind, threshold, { metrics, expression: (ids) => ids.join('+') });
  }

  #inParts(kind: AlarmKind, threshold: number, { metrics, expression }: Combined): void {
    for (let from = 0; from < metrics.length; from += METRICS_PER_ALARM) {
      const part = metrics.slice(from, from + METRICS_PER_ALARM);
      const suffix = from === 0 ? '' : `-${from / METRICS_PER_ALARM + 1}`;
      new KeyturnAlarm(this, `${kind}${suffix}`, {
        ...this.#base,
        kind,
        suffix,
        metric: combined({ metrics: part, expression }),
        threshold,
      });
    }
  }
}

interface Combined {
  readonly metrics: readonly IMetric[];
  readonly expression: (terms: readonly string[]) => string;
}

function combined({ metrics, expression }: Combined): MathExpression {
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  const period = metrics[0]?.toMetricConfig().metricStat?.period;
  return new MathExpression({
    expression: expression(Object.keys(usingMetrics).map((id) => `FILL(${id},0)`)),
    usingMetrics,
    ...(period && { period }),
  });
}
