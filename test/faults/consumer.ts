import { MINUTE } from '../../functions/core/basics/time.ts';
import type { Clock } from '../../lib/sandbox/clock.ts';
import type { Issuer } from '../../lib/sandbox/issuers/simulator.ts';

const CACHE = 5 * MINUTE;
const EVERY = 4 * MINUTE;
export const AGENT = 'consumer-with-a-cache/1';

/** Where a consumer lives. */
export interface Home {
  readonly clock: Clock;
  readonly issuer: Issuer;
  /** The text of a secret now, read without a call. */
  peek(arn: string): string | Promise<string>;
}

/**
 * Uses a token all the time and keeps what it read for five minutes. What counts is what the issuer answered.
 * It waits for a secret that has no value yet.
 */
export class Consumer {
  readonly #world: Home;
  readonly #arn: string;
  readonly #agent: string;
  #kept: { text: string; until: number } | undefined;

  constructor(world: Home, arn: string, agent = AGENT) {
    this.#world = world;
    this.#arn = arn;
    this.#agent = agent;
  }

  start(): void {
    this.#world.clock.after(EVERY, () => {
      void this.#world.clock.activity(() => this.#use());
      this.start();
    });
  }

  async #use(): Promise<void> {
    const now = this.#world.clock.now();
    if (!this.#kept || this.#kept.until <= now)
      this.#kept = { text: await this.#world.peek(this.#arn), until: now + CACHE };
    if (this.#kept.text === '') return;
    await this.#world.issuer.fetch(this.#world.issuer.consume(this.#kept.text, this.#agent));
  }

  calls(): number {
    return this.#mine().length;
  }

  /** Calls that the issuer refused, from its own log. */
  failures(): number {
    return this.#mine().filter((entry) => entry.status >= 400).length;
  }

  #mine(): { status: number }[] {
    return this.#world.issuer.log().filter((entry) => entry.agent === this.#agent);
  }
}
