import { COMMANDS_IN_BATCH, type Command, type DeliverCommand } from '../../core/commands/commands.ts';
import type { InspectionLines } from '../../core/rotation/inspections.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Instant } from '../../core/basics/time.ts';
import { reasonOf } from '../inventory/store.ts';

type OutgoingPorts = Pick<Ports, 'commands' | 'log'> & Partial<Pick<Ports, 'deliveries'>>;

/** Commands on their way into one queue. */
interface Bundle<T> {
  waiting: readonly T[];
  readonly send: (batch: readonly T[]) => Promise<void>;
}

interface Placed {
  readonly command: Command;
  readonly place: Instant;
}

/**
 * Collects commands and sends them in full batches. What cannot be sent is counted and logged: the next run
 * sends it anew if it is still due.
 */
export class Outgoing {
  sent = 0;
  failed = 0;
  readonly #byProvider = new Map<string, Bundle<Command>>();
  readonly #inspections = new Map<string, Bundle<Placed>>();
  readonly #deliveries: Bundle<DeliverCommand>;
  readonly #ports: OutgoingPorts;
  /** Where inspections get their places. */
  readonly lines: InspectionLines;

  constructor(lines: InspectionLines, ports: OutgoingPorts) {
    this.lines = lines;
    this.#ports = ports;
    this.#deliveries = { waiting: [], send: async (batch) => ports.deliveries?.send(batch) };
  }

  async add(provider: string, commands: readonly Command[]): Promise<void> {
    const bundle = this.#byProvider.get(provider) ?? {
      waiting: [],
      send: (batch: readonly Command[]) => this.#ports.commands.send(provider, batch),
    };
    this.#byProvider.set(provider, bundle);
    await this.#put(bundle, commands);
  }

  /** Those of one batch come together, with the first of them: so other commands find the queue short. */
  async inspect(provider: string, command: Command, place: Instant): Promise<void> {
    const bundle = this.#inspections.get(provider) ?? this.#inspectionsOf(provider);
    this.#inspections.set(provider, bundle);
    await this.#put(bundle, [{ command, place }]);
  }

  async deliver(commands: readonly DeliverCommand[]): Promise<void> {
    await this.#put(this.#deliveries, commands);
  }

  /** Sends what is left. */
  async flush(): Promise<void> {
    for (const bundle of this.#byProvider.values()) await this.#send(bundle, bundle.waiting.length);
    for (const bundle of this.#inspections.values()) await this.#send(bundle, bundle.waiting.length);
    await this.#send(this.#deliveries, this.#deliveries.waiting.length);
  }

  #inspectionsOf(provider: string): Bundle<Placed> {
    const send = (batch: readonly Placed[]): Promise<void> =>
      this.#ports.commands.send(
        provider,
        batch.map(({ command }) => command),
        this.lines.delayUntil(Math.min(...batch.map(({ place }) => place))),
      );
    return { waiting: [], send };
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
