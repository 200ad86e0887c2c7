import { COMMANDS_IN_BATCH, type Command, type DeliverCommand } from '../core/commands.ts';
import type { Ports } from '../core/ports.ts';
import { MINUTE, type Millis } from '../core/time.ts';
import { reasonOf } from './store.ts';

/** The longest that SQS keeps a message back is 15 minutes (Amazon SQS API Reference, "SendMessageBatch"). */
const LONGEST_SPREAD = 14 * MINUTE;

type OutgoingPorts = Pick<Ports, 'commands' | 'log'> & Partial<Pick<Ports, 'deliveries'>>;

/** Commands on their way into one queue. */
interface Bundle<T> {
  waiting: readonly T[];
  readonly send: (batch: readonly T[]) => Promise<void>;
}

/** Inspections on their way to one provider, spread over time so that they are no more a minute than its issuers bear. */
interface Inspections extends Bundle<Command> {
  spread: Millis;
}

/** Collects commands and sends them in full batches. What cannot be sent is counted and logged: the next run sends it anew if it is still due. */
export class Outgoing {
  sent = 0;
  failed = 0;
  readonly #byProvider = new Map<string, Bundle<Command>>();
  readonly #inspections = new Map<string, Inspections>();
  readonly #deliveries: Bundle<DeliverCommand>;
  readonly #perMinute: (provider: string) => number;
  readonly #ports: OutgoingPorts;

  constructor(perMinute: (provider: string) => number, ports: OutgoingPorts) {
    this.#perMinute = perMinute;
    this.#ports = ports;
    this.#deliveries = { waiting: [], send: async (batch) => ports.deliveries?.send(batch) };
  }

  async add(provider: string, commands: readonly Command[]): Promise<void> {
    const bundle = this.#byProvider.get(provider) ?? { waiting: [], send: (batch: readonly Command[]) => this.#ports.commands.send(provider, batch) };
    this.#byProvider.set(provider, bundle);
    await this.#put(bundle, commands);
  }

  /** Whether another inspection still fits in before the longest spread is over. */
  hasRoom(provider: string): boolean {
    return this.spreadOf(provider) < LONGEST_SPREAD;
  }

  /** How long the queue will keep back the inspection that is added next. */
  spreadOf(provider: string): Millis {
    return Math.min(LONGEST_SPREAD, this.#inspections.get(provider)?.spread ?? 0);
  }

  /** Those of one batch come together, batches one after the other: other commands find the queue short. */
  async inspect(provider: string, command: Command): Promise<void> {
    const known = this.#inspections.get(provider) ?? this.#inspectionsOf(provider);
    this.#inspections.set(provider, known);
    known.spread += MINUTE / this.#perMinute(provider);
    await this.#put(known, [command]);
  }

  async deliver(commands: readonly DeliverCommand[]): Promise<void> {
    await this.#put(this.#deliveries, commands);
  }

  /** Sends what is left. */
  async flush(): Promise<void> {
    for (const bundle of [...this.#byProvider.values(), ...this.#inspections.values()]) await this.#send(bundle, bundle.waiting.length);
    await this.#send(this.#deliveries, this.#deliveries.waiting.length);
  }

  #inspectionsOf(provider: string): Inspections {
    let before = 0;
    const send = (batch: readonly Command[]): Promise<void> => {
      const delay = Math.min(LONGEST_SPREAD, (before * MINUTE) / this.#perMinute(provider));
      before += batch.length;
      return this.#ports.commands.send(provider, batch, delay);
    };
    return { waiting: [], spread: 0, send };
  }

  async #put<T>(bundle: Bundle<T>, commands: readonly T[]): Promise<void> {
    bundle.waiting = [...bundle.waiting, ...commands];
    await this.#send(bundle, bundle.waiting.length - (bundle.waiting.length % COMMANDS_IN_BATCH));
  }

  async #send<T>(bundle: Bundle<T>, count: number): Promise<void> {
    const batch = bundle.waiting.slice(0, count);
    bundle.waiting = bundle.waiting.slice(count);
    if (batch.length === 0) return;
    try {
      await bundle.send(batch);
      this.sent += batch.length;
    } catch (error) {
      this.failed += batch.length;
      this.#ports.log.error('commands could not be sent', { count: batch.length, reason: reasonOf(error) });
    }
  }
}
