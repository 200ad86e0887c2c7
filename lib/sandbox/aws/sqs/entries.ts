import { AwsError } from '../errors.ts';
import type { MessageAttributes } from './queue.ts';

/** The largest message, and the largest batch (API Reference, "SendMessageBatch"). */
const MAX_BYTES = 1_048_576;
const MAX_ATTRIBUTES = 10;
/**
 * What is neither XML text nor part of a pair of surrogates (API Reference, "SendMessage": the characters
 * that a message may have).
 */
const FOREIGN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

interface Content {
  readonly MessageBody: string;
  readonly MessageAttributes?: MessageAttributes | undefined;
}

function invalidValue(reason: string): AwsError {
  return new AwsError('InvalidParameterValue', `One or more parameters are invalid. Reason: ${reason}`);
}

/** What a message counts for: its body, and the names, types and values of its attributes. */
export function bytesOf({ MessageBody, MessageAttributes = {} }: Content): number {
  const attributes = Object.entries(MessageAttributes).flatMap(
    ([name, { DataType, StringValue = '', BinaryValue = '' }]) => [
      name,
      DataType,
      StringValue,
      Buffer.from(BinaryValue, 'base64'),
    ],
  );
  return [MessageBody, ...attributes].reduce((sum, part) => sum + Buffer.byteLength(part), 0);
}

/** Errors: AwsError for a message that SQS does not take. */
export function checkMessage(content: Content): void {
  if (bytesOf(content) > MAX_BYTES) throw invalidValue(`Message must be shorter than ${MAX_BYTES} bytes.`);
  if (FOREIGN.test(content.MessageBody))
    throw new AwsError(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | ' +
        '#xE000 to #xFFFD | #x10000 to #x10FFFF',
    );
  const attributes = Object.entries(content.MessageAttributes ?? {});
  if (attributes.length > MAX_ATTRIBUTES)
    throw invalidValue(
      `Number of message attributes [${attributes.length}] exceeds the allowed maximum [${MAX_ATTRIBUTES}].`,
    );
  for (const [name, { DataType, StringValue, BinaryValue }] of attributes) {
    if (!/^[\w.-]{1,256}$/.test(name) || /^(?:aws|amazon)\./i.test(name) || /^\.|\.$|\.\./.test(name))
      throw invalidValue(`The message attribute name '${name}' is not valid.`);
    if (!/^(?:String|Number|Binary)(?:\..+)?$/.test(DataType))
      throw invalidValue(
        `The type of message attribute '${name}' is invalid. You must use only the following supported ` +
          'type prefixes: Binary, Number, String.',
      );
    const value = DataType.startsWith('Binary') ? BinaryValue : StringValue;
    if (value === undefined || value === '' || FOREIGN.test(value))
      throw invalidValue(
        `Message (user) attribute '${name}' must contain a non-empty value of type '${DataType}'.`,
      );
  }
}

interface Entry {
  readonly Id: string;
}

/** Errors: AwsError for a batch that is refused as a whole. */
function checkBatch(entries: readonly Entry[]): void {
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > 10)
    throw new AwsError('TooManyEntriesInBatchRequest', 'Maximum number of entries per request are 10.');
  const invalid = entries.some(({ Id }) => !/^[\w-]{1,80}$/.test(Id));
  if (invalid)
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be ' +
        'at most 80 letters long.',
    );
  if (new Set(entries.map((entry) => entry.Id)).size !== entries.length)
    throw new AwsError(
      'BatchEntryIdsNotDistinct',
      'Two or more batch entries in the request have the same Id.',
    );
}

/** Errors: BatchRequestTooLong for messages that are too much for one request together. */
export function checkLength(contents: readonly Content[]): void {
  const sum = contents.reduce((all, one) => all + bytesOf(one), 0);
  if (sum > MAX_BYTES)
    throw new AwsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${MAX_BYTES} bytes. You have sent ${sum} bytes.`,
    );
}

/**
 * Runs a batch entry by entry; one that fails is told apart from the others. Errors: AwsError for a batch
 * that is refused as a whole.
 */
export function batch<E extends Entry>(entries: readonly E[], run: (entry: E) => object): unknown {
  checkBatch(entries);
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful, Failed };
}
