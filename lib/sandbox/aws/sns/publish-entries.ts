/** What Publish and PublishBatch take: the shape of an entry, and what SNS rejects. */
import * as z from 'zod';
import { AwsError } from '../errors.ts';
import { Attribute } from './topic.ts';

/** The members of an entry. */
export const Entry = {
  Message: z.string().min(1),
  Subject: z.string().optional(),
  MessageStructure: z.string().optional(),
  MessageAttributes: z.record(z.string(), Attribute).optional(),
};

export type Entry = z.infer<z.ZodObject<typeof Entry>>;

const MAX_BYTES = 262_144;

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${message}`);
}

/** Errors: AwsError for an entry that SNS rejects. */
export function checkEntry(entry: Entry): void {
  if (entry.Subject !== undefined && !/^[\u0021-\u007E][\u0020-\u007E]{0,98}$/.test(entry.Subject))
    throw invalid('Subject');
  if (Buffer.byteLength(entry.Message) > MAX_BYTES) throw invalid('Message too long');
  if (entry.MessageStructure === undefined) return;
  if (entry.MessageStructure !== 'json') throw invalid('MessageStructure');
  const shape = z.looseObject({ default: z.string() });
  const texts = z.string().transform((text, context) => {
    try {
      return shape.parse(JSON.parse(text));
    } catch {
      context.addIssue('no default entry');
      return z.NEVER;
    }
  });
  if (!texts.safeParse(entry.Message).success)
    throw invalid('Message Structure - No default entry in JSON message body');
}

/** Errors: AwsError for a batch that is rejected as a whole (API Reference, "PublishBatch"). */
export function checkBatch(entries: readonly (Entry & { readonly Id: string })[]): void {
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequest', "The batch request doesn't contain any entries.");
  if (entries.length > 10)
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      'The batch request contains more entries than permissible.',
    );
  if (entries.some(({ Id }) => !/^[\w-]{1,80}$/.test(Id)))
    throw new AwsError(
      'InvalidBatchEntryId',
      "The Id of a batch entry in a batch request doesn't abide by the specification.",
    );
  if (new Set(entries.map(({ Id }) => Id)).size !== entries.length)
    throw new AwsError(
      'BatchEntryIdsNotDistinct',
      'Two or more batch entries in the request have the same Id.',
    );
  const bytes = entries.reduce((sum, { Message }) => sum + Buffer.byteLength(Message), 0);
  if (bytes > MAX_BYTES)
    throw new AwsError(
      'BatchRequestTooLong',
      'The length of all the batch messages put together is more than the limit.',
    );
}
