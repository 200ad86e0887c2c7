/** ReceiveMessage: waits for messages and shows what was asked for of each. */
import * as z from 'zod';
import { SECOND } from '../../../../functions/core/basics/time.ts';
import type { World } from '../types.ts';
import { md5, systemAttributes, type Queue } from './queue.ts';

/** The URL of a queue, as every operation takes it. */
export const QueueUrl = z.string();

/** The request of ReceiveMessage. */
export const Receive = z.strictObject({
  QueueUrl,
  MaxNumberOfMessages: z.number().int().min(1).max(10).optional(),
  VisibilityTimeout: z.number().min(0).max(43_200).optional(),
  WaitTimeSeconds: z.number().min(0).max(20).optional(),
  AttributeNames: z.array(z.string()).optional(),
  MessageSystemAttributeNames: z.array(z.string()).optional(),
  MessageAttributeNames: z.array(z.string()).optional(),
});

/** The members that a request asked for, by name or pattern. Undefined where there are none. */
export function wanted<T>(
  all: Readonly<Record<string, T>>,
  names: readonly string[],
): Record<string, T> | undefined {
  const chosen = Object.entries(all).filter(([name]) =>
    names.some(
      (one) =>
        one === 'All' ||
        one === '.*' ||
        one === name ||
        (one.endsWith('.*') && name.startsWith(one.slice(0, -2))),
    ),
  );
  return chosen.length === 0 ? undefined : Object.fromEntries(chosen);
}

/** Waits until the queue has something, or the time is over. */
async function arrival(world: World, queue: Queue, seconds: number): Promise<void> {
  const end = world.clock.now() + seconds * SECOND;
  while (queue.visible().length === 0 && world.clock.now() < end) {
    const until = Math.min(end, queue.nextVisibleAt() ?? end);
    await world.clock.away(
      () =>
        new Promise<void>((resolve) => {
          const stop = queue.listen(() => {
            stop();
            cancel();
            resolve();
          });
          const cancel = world.clock.after(until - world.clock.now(), () => {
            stop();
            resolve();
          });
        }),
    );
  }
}

/** Receives messages, and waits for them where the request says so. */
export async function receive(world: World, queue: Queue, input: z.infer<typeof Receive>): Promise<unknown> {
  if ((input.WaitTimeSeconds ?? 0) > 0) await arrival(world, queue, input.WaitTimeSeconds ?? 0);
  const timeout = input.VisibilityTimeout === undefined ? undefined : input.VisibilityTimeout * SECOND;
  const messages = queue.receive(input.MaxNumberOfMessages ?? 1, timeout);
  if (messages.length === 0) return {};
  const Messages = messages.map((message) => ({
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    Body: message.body,
    MD5OfBody: md5(message.body),
    Attributes: wanted(systemAttributes(message), [
      ...(input.AttributeNames ?? []),
      ...(input.MessageSystemAttributeNames ?? []),
    ]),
    MessageAttributes: wanted(message.attributes, input.MessageAttributeNames ?? []),
  }));
  return { Messages };
}
