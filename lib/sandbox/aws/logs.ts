import * as z from 'zod';
import type { Instant } from '../../../functions/core/basics/time.ts';
import { AwsError, notImplemented } from './errors.ts';
import { operation } from './operation.ts';
import type { Service, World } from './types.ts';

/** One line of a log. */
export interface LogLine {
  readonly at: Instant;
  readonly text: string;
}

export interface LogOptions {
  /** The lines of a log group, in order; undefined where there is no such group. */
  readonly linesOf: (group: string) => readonly LogLine[] | undefined;
}

const Filter = z.strictObject({
  logGroupName: z.string(),
  startTime: z.number().optional(),
  endTime: z.number().optional(),
  filterPattern: z.string().optional(),
  interleaved: z.boolean().optional(),
  limit: z.number().int().min(1).max(10_000).optional(),
});
/** `{ $.level = "ERROR" }` (CloudWatch Logs user guide, "Filter pattern syntax"). */
const FIELD_IS = /^\{\s*\$\.(\w+)\s*=\s*"([^"]*)"\s*\}$/;

/**
 * CloudWatch Logs as far as people read a log: `aws logs tail` asks for FilterLogEvents (its source,
 * awscli/customizations/logs/tail.py).
 */
export function createLogs(world: World, { linesOf }: LogOptions): Service {
  const arnOf = (group: string): string => `arn:aws:logs:${world.region}:${world.account}:log-group:${group}`;
  return new Map([
    operation('FilterLogEvents', Filter, (input) => ({
      resource: arnOf(input.logGroupName),
      checks: [{ action: 'logs:FilterLogEvents', resource: `${arnOf(input.logGroupName)}:*` }],
      run: () => {
        const lines = linesOf(input.logGroupName);
        if (!lines)
          throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.', 400);
        const { startTime = 0, endTime = Infinity, limit = 10_000 } = input;
        const fits = passes(input.filterPattern ?? '');
        const events = lines
          .filter(({ at, text }) => at >= startTime && at < endTime && fits(text))
          .slice(0, limit)
          .map(({ at, text }, index) => ({
            logStreamName: input.logGroupName.split('/').at(-1),
            timestamp: at,
            ingestionTime: at,
            message: text,
            eventId: String(index),
          }));
        return { events, searchedLogStreams: [] };
      },
    })),
  ]);
}

/** Errors: AwsError for a pattern that is not understood here. */
function passes(pattern: string): (text: string) => boolean {
  if (pattern === '') return () => true;
  const [, field, value] = FIELD_IS.exec(pattern) ?? [];
  if (field === undefined) throw notImplemented(`the filter pattern ${pattern} of FilterLogEvents`);
  return (text) => {
    const line: unknown = text.startsWith('{') ? JSON.parse(text) : undefined;
    return typeof line === 'object' && line !== null && Reflect.get(line, field) === value;
  };
}
