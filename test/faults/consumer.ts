import { MINUTE } from '../../functions/core/time.ts';
import type { World } from '../world/world.ts';

const CACHE = 5 * MINUTE;
const EVERY = 4 * MINUTE;
export const AGENT = 'consumer-with-a-cache/1';

/** Uses a token all the time and keeps what it read for five minutes. What counts is what the issuer answered. */
export class Consumer {
  readonly #world: World;
  readonly #arn: string;
  #kept: { text: string; until: number } | undefined;

  constructor(world: World, arn: string) {
    this.#world = world;
    this.#arn = arn;
  }

  start(): void {
    this.#world.clock.after(EVERY, () => {
      void this.#world.clock.activity(() => this.#use());
      this.start();
    });
  }

  async #use(): Promise<void> {
    const now = this.#world.clock.now();
    if (!this.#kept || this.#kept.until <= now) this.#kept = { text: this.#world.peek(this.#arn), until: now + CACHE };
    await this.#world.issuer.fetch(this.#world.issuer.consume(this.#kept.text, AGENT));
  }

  calls(): number {
    return this.#mine().length;
  }

  /** Calls that the issuer refused, from its own log. */
  failures(): number {
    return this.#mine().filter((entry) => entry.status >= 400).length;
  }

  #mine(): { status: number }[] {
    return this.#world.issuer.log().filter((entry) => entry.agent === AGENT);
  }
}
