/**
 * The app as it is, with the one thing taken out of its template that MiniStack 1.5.33 refuses:
 * "AWS::CloudWatch::Alarm Properties.Metrics (metric math) is not supported". Such alarms watch their first
 * metric alone here. All else of the template is deployed unchanged.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import '../../bin/app.ts';

const Metric = z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions: z.unknown() });
const MathAlarm = z.looseObject({
  Type: z.literal('AWS::CloudWatch::Alarm'),
  Properties: z.looseObject({
    Metrics: z.array(
      z.object({ MetricStat: z.object({ Metric, Period: z.number(), Stat: z.string() }).optional() }),
    ),
  }),
});
const Template = z.looseObject({ Resources: z.record(z.string(), z.unknown()) });

function withoutMath(resource: unknown): unknown {
  const alarm = MathAlarm.safeParse(resource);
  if (!alarm.success) return resource;
  const { Metrics, ...properties } = alarm.data.Properties;
  const first = Metrics.find((one) => one.MetricStat)?.MetricStat;
  if (!first) throw new Error('an alarm on metric math names no metric');
  return {
    ...alarm.data,
    Properties: { ...properties, ...first.Metric, Period: first.Period, Statistic: first.Stat },
  };
}

const folder = process.env['CDK_OUTDIR'];
if (folder === undefined) throw new Error('run this through the cdk command');
for (const file of readdirSync(folder).filter((name) => name.endsWith('.template.json'))) {
  const path = join(folder, file);
  const template = Template.parse(JSON.parse(readFileSync(path, 'utf8')));
  const Resources = Object.fromEntries(
    Object.entries(template.Resources).map(([id, resource]) => [id, withoutMath(resource)]),
  );
  writeFileSync(path, JSON.stringify({ ...template, Resources }));
}
