import { createHash } from 'node:crypto';
import * as z from 'zod';
import { SECOND } from '../../../functions/core/basics/time.ts';
import { operation } from './operation.ts';
import type { MappingSettings } from './sqs/mapping.ts';
import type { Operation, World } from './types.ts';

/** Lists what feeds functions from queues (AWS Lambda API Reference, "ListEventSourceMappings"). */
export function listMappings(world: World, mappings: () => readonly MappingSettings[]): [string, Operation] {
  const arnOf = (name: string): string => `arn:aws:lambda:${world.region}:${world.account}:function:${name}`;
  return operation(
    'ListEventSourceMappings',
    z.strictObject({ FunctionName: z.string().optional(), EventSourceArn: z.string().optional() }),
    ({ FunctionName, EventSourceArn }) => ({
      resource: '*',
      checks: [{ action: 'lambda:ListEventSourceMappings', resource: '*' }],
      run: () => ({
        EventSourceMappings: mappings()
          .filter(
            ({ functionName, queueArn }) =>
              (FunctionName === undefined || [functionName, arnOf(functionName)].includes(FunctionName)) &&
              (EventSourceArn === undefined || queueArn === EventSourceArn),
          )
          .map((one) => shown(one, arnOf(one.functionName))),
      }),
    }),
  );
}

function shown(mapping: MappingSettings, FunctionArn: string): object {
  const { queueArn, batchSize, window = 0, maximumConcurrency, reportBatchItemFailures } = mapping;
  return {
    // The same for the same pair, as an id is.
    UUID: createHash('sha256')
      .update(`${queueArn} ${FunctionArn}`)
      .digest('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
    EventSourceArn: queueArn,
    FunctionArn,
    BatchSize: batchSize ?? 10,
    MaximumBatchingWindowInSeconds: window / SECOND,
    State: 'Enabled',
    ...(reportBatchItemFailures === true && { FunctionResponseTypes: ['ReportBatchItemFailures'] }),
    ...(maximumConcurrency !== undefined && { ScalingConfig: { MaximumConcurrency: maximumConcurrency } }),
  };
}
