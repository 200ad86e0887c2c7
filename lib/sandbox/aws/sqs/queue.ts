import { createHash } from 'node:crypto';
import { DAY, SECOND, type Instant, type Millis } from '../../../../functions/core/basics/time.ts';
import type { Clock } from '../../clock.ts';
import type { PolicyDocument } from '../types.ts';

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: string | undefined;
}
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

export interface QueueSettings {
  readonly name: string;
  readonly policy?: PolicyDocument;
  readonly visibilityTimeout?: Millis;
  readonly delay?: Millis;
  readonly retention?: Millis;
  /** Where a message goes that was received more than `maxReceiveCount` times. */
  readonly redrive?: { readonly deadLetterArn: string; readonly maxReceiveCount: number };
  /** A customer's own key that the queue is encrypted with. */
  readonly kmsKeyId?: string;
}

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly senderId: string;
  readonly sentAt: Instant;
  /**
   * The ARN of the queue that gave it up (SQS API reference, "ReceiveMessage", DeadLetterQueueSourceArn);
   * undefined for a message that was sent to the queue that it is in.
   */
  readonly gaveUpBy: string | undefined;
  visibleAt: Instant;
  firstReceivedAt: Instant | undefined;
  receiveCount: number;
  /** The handle of the last receive; only it can delete the message for sure. */
  receipt: string | undefined;
}

export interface QueueParts {
  readonly arn: string;
  readonly clock: Clock;
  readonly uuid: () => string;
  readonly deadLetter: (arn: string, message: Message) => void;
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** What a receipt handle of the sandbox says, under base64: the queue, the message, and an id of its own. */
const RECEIPT = /^(\S+) [\da-f-]{36} [\da-f-]{36}$/;
/** What SQS itself says of a message. */
export function systemAttributes(message: Message): Record<string, string> {
  return {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
    ...(message.gaveUpBy !== undefined && { DeadLetterQueueSourceArn: message.gaveUpBy }),
  };
}

/** One standard queue. It delivers oldest first, which the real one does not promise. */
export class Queue {
  readonly settings: QueueSettings;
  readonly visibilityTimeout: Millis;
  readonly messages: Message[] = [];
  readonly #parts: QueueParts;
  readonly #listeners = new Set<() => void>();

  constructor(settings: QueueSettings, parts: QueueParts) {
    this.settings = settings;
    this.visibilityTimeout = settings.visibilityTimeout ?? 30 * SECOND;
    this.#parts = parts;
  }

  send(message: {
    body: string;
    attributes?: MessageAttributes;
    senderId: string;
    delay?: Millis | undefined;
  }): Message {
    const now = this.#parts.clock.now();
    const visibleAt = now + (message.delay ?? this.settings.delay ?? 0);
    const made = {
      id: this.#parts.uuid(),
      body: message.body,
      attributes: message.attributes ?? {},
      senderId: message.senderId,
      sentAt: now,
      gaveUpBy: undefined,
    };
    return this.put({ ...made, visibleAt, firstReceivedAt: undefined, receiveCount: 0, receipt: undefined });
  }

  put(message: Message): Message {
    this.messages.push(message);
    this.#tell();
    return message;
  }

  /** Calls back whenever a message came or became visible again before its time; the result stops it. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  visible(): Message[] {
    this.#expire();
    const now = this.#parts.clock.now();
    return this.messages.filter((message) => message.visibleAt <= now);
  }

  /** When the next message that cannot be received now becomes visible. */
  nextVisibleAt(): Instant | undefined {
    const now = this.#parts.clock.now();
    return this.messages.reduce<Instant | undefined>(
      (least, { visibleAt }) => (visibleAt > now && visibleAt < (least ?? Infinity) ? visibleAt : least),
      undefined,
    );
  }

  receive(count: number, timeout: Millis = this.visibilityTimeout): Message[] {
    const now = this.#parts.clock.now();
    const taken: Message[] = [];
    for (const message of this.visible()) {
      if (taken.length === count) break;
      if (this.#isPoison(message)) continue;
      message.receiveCount++;
      message.firstReceivedAt ??= now;
      message.visibleAt = now + timeout;
      message.receipt = this.#receipt(message);
      taken.push(message);
    }
    return taken;
  }

  /** Whether a text can be a handle that this queue gave out. */
  isReceipt(text: string): boolean {
    const read = Buffer.from(text, 'base64');
    return read.toString('base64') === text && RECEIPT.exec(read.toString())?.[1] === this.settings.name;
  }

  #receipt(message: Message): string {
    return Buffer.from(`${this.settings.name} ${message.id} ${this.#parts.uuid()}`).toString('base64');
  }

  withReceipt(receipt: string): Message | undefined {
    return this.messages.find((message) => message.receipt === receipt);
  }

  remove(message: Message): void {
    const index = this.messages.indexOf(message);
    if (index !== -1) this.messages.splice(index, 1);
  }

  changeVisibility(message: Message, timeout: Millis): void {
    message.visibleAt = this.#parts.clock.now() + timeout;
    this.#tell();
  }

  #isPoison(message: Message): boolean {
    const redrive = this.settings.redrive;
    if (!redrive || message.receiveCount < redrive.maxReceiveCount) return false;
    this.remove(message);
    this.#parts.deadLetter(redrive.deadLetterArn, {
      ...message,
      gaveUpBy: this.#parts.arn,
      visibleAt: this.#parts.clock.now(),
      receipt: undefined,
    });
    return true;
  }

  #expire(): void {
    const oldest = this.#parts.clock.now() - (this.settings.retention ?? 4 * DAY);
    for (const message of this.messages.filter(({ sentAt }) => sentAt < oldest)) this.remove(message);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
