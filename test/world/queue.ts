import type { Command } from '../../functions/core/commands/commands.ts';
import type { CommandQueue } from '../../functions/core/ports/command-queue.ts';
import type { VirtualClock } from '../../lib/sandbox/clock.ts';
import { MINUTE } from '../../functions/core/basics/time.ts';

const VISIBILITY = 6 * MINUTE;
const MOST_RECEIVES = 5;

/** Runs a command; false when the run failed and the message comes back. */
export type Consumer = (provider: string, command: Command) => Promise<boolean>;

export interface QueueOptions {
  /** Delivers every message twice, and the messages of one send in reverse. */
  readonly disorder?: boolean;
}

/**
 * A queue per provider that delivers at least once, again after the visibility time-out, and gives up after
 * some tries.
 */
export class CommandLine implements CommandQueue {
  readonly sent: Command[] = [];
  readonly deadLetters: Command[] = [];
  readonly #clock: VirtualClock;
  readonly #consume: Consumer;
  readonly #options: QueueOptions;

  constructor(clock: VirtualClock, consume: Consumer, options: QueueOptions = {}) {
    this.#clock = clock;
    this.#consume = consume;
    this.#options = options;
  }

  async send(provider: string, commands: readonly Command[], delay = 0): Promise<void> {
    const ordered = this.#options.disorder ? [...commands, ...commands].reverse() : commands;
    for (const command of ordered) {
      this.sent.push(command);
      this.#deliver(provider, command, 1, 1_000 + delay);
    }
  }

  #deliver(provider: string, command: Command, receive: number, delay: number): void {
    this.#clock.after(delay, () => {
      void this.#clock.activity(async () => {
        if (await this.#consume(provider, command)) return;
        if (receive >= MOST_RECEIVES) this.deadLetters.push(command);
        else this.#deliver(provider, command, receive + 1, VISIBILITY);
      });
    });
  }
}
