import * as z from 'zod';
import type { Sandbox } from '../runtime/api.ts';
import type { Principal } from '../aws/types.ts';

const Received = z.object({
  Messages: z.array(z.object({ Body: z.string(), ReceiptHandle: z.string() })).default([]),
});
const Delivered = z.looseObject({ detail: z.unknown() });

/** What to listen to, and where. */
export interface Listening {
  readonly name: string;
  /** The default bus unless named. */
  readonly bus?: string;
  readonly pattern: Readonly<Record<string, unknown>>;
}

/** A rule with a queue behind it, as anyone who wants to hear of events sets up. */
export class Inbox {
  readonly #sandbox: Sandbox;
  readonly #url: string;
  readonly #reader: Principal;

  constructor(sandbox: Sandbox, { name, bus, pattern }: Listening) {
    const { sqs, eventBridge } = sandbox.aws;
    const arn = sqs.arnOf(name);
    this.#sandbox = sandbox;
    this.#url = sqs.add({
      name,
      policy: policy({
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: arn,
      }),
    });
    this.#reader = {
      kind: 'role',
      name,
      session: 'reader',
      policies: [policy({ Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'], Resource: arn })],
    };
    eventBridge.addRule({ name, pattern, targets: [{ id: name, arn }], ...(bus !== undefined && { bus }) });
  }

  /** The details of all events since the last time, in the order in which they came. */
  async take(): Promise<unknown[]> {
    const details: unknown[] = [];
    for (;;) {
      const { Messages } = Received.parse(await this.#call('ReceiveMessage', { MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) return details;
      for (const { Body, ReceiptHandle } of Messages) {
        details.push(Delivered.parse(JSON.parse(Body)).detail);
        await this.#call('DeleteMessage', { ReceiptHandle });
      }
    }
  }

  #call(operation: string, input: object): Promise<unknown> {
    return this.#sandbox.aws.call({
      service: 'sqs',
      operation,
      input: { QueueUrl: this.#url, ...input },
      principal: this.#reader,
    });
  }
}

/** A policy with one statement that allows. */
export function policy(statement: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] };
}
