/** PutEvents: what an entry may hold, and which entries EventBridge rejects. */
import * as z from 'zod';
import { parseJson } from '../../../../functions/core/basics/json.ts';
import { AwsError } from '../errors.ts';
import { isFields } from '../patterns.ts';
import type { World } from '../types.ts';
import { nameOf } from './rule.ts';
import type { Buses } from './buses.ts';
import type { EventBridge } from './service.ts';

/** One entry, as an SDK client sends it. */
export const Entry = z.strictObject({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  Resources: z.array(z.string()).optional(),
  Time: z.number().optional(),
  EventBusName: z.string().optional(),
  TraceHeader: z.string().optional(),
});

export type Entry = z.infer<typeof Entry>;

const MAX_BYTES = 1_048_576;

/** The error code of an entry that EventBridge rejects. */
function refusal(entry: Entry): string | undefined {
  if (
    entry.Source === undefined ||
    entry.Source === '' ||
    entry.DetailType === undefined ||
    entry.DetailType === '' ||
    entry.Detail === undefined
  )
    return 'InvalidArgument';
  if (entry.Source.startsWith('aws.')) return 'NotAuthorizedForSource';
  return isFields(parseJson(entry.Detail)) ? undefined : 'MalformedDetail';
}

/** What PutEvents puts entries with. */
interface Putting {
  readonly world: World;
  readonly buses: Buses;
  readonly failEntry: EventBridge['failEntry'];
}

function putOne(entry: Entry, { world, buses, failEntry }: Putting): object {
  const bus = nameOf(entry.EventBusName);
  const source = entry.Source ?? '';
  const detailType = entry.DetailType ?? '';
  const code =
    refusal(entry) ??
    (buses.policies.has(bus) ? undefined : 'ResourceNotFoundException') ??
    failEntry({ source, detailType });
  if (code !== undefined) return { ErrorCode: code, ErrorMessage: `The entry was not accepted: ${code}.` };
  const detail = parseJson(entry.Detail ?? '');
  const at = entry.Time === undefined ? world.clock.now() : entry.Time * 1000;
  const event = { source, detailType, detail, resources: entry.Resources ?? [] };
  return { EventId: buses.put(event, bus, at, entry.Detail) };
}

/** Puts each entry on its bus. Errors: ValidationException for a request that is rejected as a whole. */
export function putEntries(entries: readonly Entry[], putting: Putting): unknown {
  if (entries.length === 0 || entries.length > 10)
    throw new AwsError(
      'ValidationException',
      "1 validation error detected: Value at 'entries' failed to satisfy constraint: " +
        'Member must have length less than or equal to 10',
    );
  if (Buffer.byteLength(JSON.stringify(entries)) > MAX_BYTES)
    throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
  const answered = entries.map((entry) => putOne(entry, putting));
  return { FailedEntryCount: answered.filter((one) => 'ErrorCode' in one).length, Entries: answered };
}
