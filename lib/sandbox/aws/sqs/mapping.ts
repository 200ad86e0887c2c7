import * as z from 'zod';
import type { Millis } from '../../../../functions/core/basics/time.ts';
import type { Principal, World } from '../types.ts';
import { md5, systemAttributes, type Message, type Queue } from './queue.ts';

/** How Lambda feeds a function from a queue (developer guide, "Using Lambda with Amazon SQS"). */
export interface MappingSettings {
  readonly queueArn: string;
  readonly functionName: string;
  /** The function's execution role: it must be allowed to receive and delete. */
  readonly role: Principal;
  readonly batchSize?: number;
  readonly window?: Millis;
  readonly maximumConcurrency?: number;
  readonly reportBatchItemFailures?: boolean;
}

const Failures = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })) });

function record(message: Message, queueArn: string, region: string): object {
  const attributes = Object.entries(message.attributes).map(
    ([name, { DataType, StringValue, BinaryValue }]) => {
      const value = {
        ...(StringValue !== undefined && { stringValue: StringValue }),
        ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
      };
      return [name, { ...value, stringListValues: [], binaryListValues: [], dataType: DataType }] as const;
    },
  );
  return {
    messageId: message.id,
    receiptHandle: message.receipt,
    body: message.body,
    attributes: systemAttributes(message),
    messageAttributes: Object.fromEntries(attributes),
    md5OfBody: md5(message.body),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}

/**
 * The messages to delete after the function answered; what is not deleted comes back when its visibility
 * time-out is over.
 */
function done(batch: readonly Message[], payload: unknown, partial: boolean): readonly Message[] {
  if (
    !partial ||
    typeof payload !== 'object' ||
    payload === null ||
    !('batchItemFailures' in payload) ||
    payload.batchItemFailures === null
  )
    return batch;
  const failures = Failures.safeParse(payload);
  const failed = new Set(failures.data?.batchItemFailures.map((failure) => failure.itemIdentifier));
  const known = [...failed].every((id) => batch.some((message) => message.id === id));
  // An answer that names an unknown message, or none, fails the whole batch.
  return failures.success && known ? batch.filter((message) => !failed.has(message.id)) : [];
}

/** Lambda's poller of one queue. */
export class Mapping {
  readonly #world: World;
  readonly #queue: Queue;
  readonly #settings: MappingSettings;
  #running = 0;
  #wakeAt: number | undefined;
  #cancelWake: () => void = () => undefined;
  #windowSince: number | undefined;

  constructor(world: World, queue: Queue, settings: MappingSettings) {
    this.#world = world;
    this.#queue = queue;
    this.#settings = settings;
    queue.listen(() => this.#wake(world.clock.now()));
    this.#wake(world.clock.now());
  }

  /** Polls at a time, unless an earlier poll is set. */
  #wake(at: number): void {
    if (this.#wakeAt !== undefined && this.#wakeAt <= at) return;
    this.#cancelWake();
    this.#wakeAt = at;
    this.#cancelWake = this.#world.clock.after(at - this.#world.clock.now(), () => {
      this.#wakeAt = undefined;
      this.#poll();
    });
  }

  #mayReceive(): boolean {
    try {
      for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']) {
        this.#world.authorize(this.#settings.role, {
          action,
          resource: this.#settings.queueArn,
          resourcePolicy: this.#queue.settings.policy,
        });
      }
      return true;
    } catch {
      return false;
    }
  }

  #poll(): void {
    const now = this.#world.clock.now();
    const size = this.#settings.batchSize ?? 10;
    const limit = this.#settings.maximumConcurrency ?? 5;
    while (this.#running < limit && this.#mayReceive()) {
      const waiting = this.#queue.visible().length;
      if (waiting === 0) break;
      this.#windowSince ??= now;
      const windowEnd = this.#windowSince + (this.#settings.window ?? 0);
      if (waiting < size && now < windowEnd) {
        this.#wake(windowEnd);
        return;
      }
      this.#windowSince = undefined;
      const batch = this.#queue.receive(size);
      if (batch.length > 0) void this.#world.clock.activity(() => this.#run(batch));
    }
    const next = this.#queue.nextVisibleAt();
    if (next !== undefined) this.#wake(next);
  }

  async #run(batch: readonly Message[]): Promise<void> {
    this.#running++;
    const { functionName, queueArn, reportBatchItemFailures } = this.#settings;
    const event = { Records: batch.map((message) => record(message, queueArn, this.#world.region)) };
    const answer = await this.#world.invoke({ kind: 'root' }, functionName, event).catch(() => undefined);
    if (answer && 'payload' in answer)
      for (const message of done(batch, answer.payload, reportBatchItemFailures === true))
        this.#queue.remove(message);
    this.#running--;
    this.#wake(this.#world.clock.now());
  }
}
