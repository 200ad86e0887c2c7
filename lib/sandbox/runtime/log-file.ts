import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { parseJson } from '../../../functions/core/basics/json.ts';
import type { LogLine } from '../aws/logs.ts';

/**
 * Lambda's own lines have their time in `time`, those of a function in `timestamp` (Lambda developer guide,
 * "Log formats").
 */
const Line = z.looseObject({ timestamp: z.string().optional(), time: z.string().optional() });

/**
 * The lines of a log file, each with its time; none where there is no file. A line without a time has that
 * of the one before.
 */
export function logLinesIn(path: string): readonly LogLine[] {
  if (!existsSync(path)) return [];
  let at = 0;
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => {
      const line = Line.safeParse(parseJson(text));
      const time = Date.parse((line.success ? (line.data.timestamp ?? line.data.time) : undefined) ?? '');
      at = Number.isNaN(time) ? at : time;
      return { at, text };
    });
}
