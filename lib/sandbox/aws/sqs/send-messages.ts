/** SendMessage and SendMessageBatch: what an entry may hold, and how it gets into a queue. */
import * as z from 'zod';
import { SECOND } from '../../../../functions/core/basics/time.ts';
import { batch, checkLength, checkMessage } from './entries.ts';
import { md5, type Queue } from './queue.ts';

const Attribute = z.object({
  DataType: z.string(),
  StringValue: z.string().optional(),
  BinaryValue: z.string().optional(),
});

/** The members of an entry. */
export const Body = {
  MessageBody: z.string().min(1),
  DelaySeconds: z.number().min(0).max(900).optional(),
  MessageAttributes: z.record(z.string(), Attribute).optional(),
};

/** Puts one message into a queue. */
export function send(
  queue: Queue,
  entry: z.infer<z.ZodObject<typeof Body>>,
  senderId: string,
): { MessageId: string; MD5OfMessageBody: string } {
  checkMessage(entry);
  const delay = entry.DelaySeconds === undefined ? undefined : entry.DelaySeconds * SECOND;
  const message = queue.send({
    body: entry.MessageBody,
    attributes: entry.MessageAttributes ?? {},
    senderId,
    delay,
  });
  return { MessageId: message.id, MD5OfMessageBody: md5(message.body) };
}

/** Puts a batch into a queue, entry by entry. */
export function sendAll(
  queue: Queue,
  entries: readonly (z.infer<z.ZodObject<typeof Body>> & { readonly Id: string })[],
  senderId: string,
): unknown {
  checkLength(entries);
  return batch(entries, (entry) => send(queue, entry, senderId));
}
