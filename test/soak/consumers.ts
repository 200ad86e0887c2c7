import { HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import type { World } from '../world/world.ts';
import type { Dice } from './dice.ts';

/** Nearly as long as a cache of five minutes keeps what it read. */
const NEARLY_STALE = 5 * MINUTE - 1_000;
const READERS_EVERY = 6 * HOUR;
const BOOTED_EVERY = 2 * HOUR;
/** How long a rolling restart takes to reach an instance, and how long it waits when it cannot start. */
const RESTART: readonly [number, number] = [10 * MINUTE, 9 * HOUR];
const STARTS_AGAIN = HOUR;

/** What uses a token in a soak: reads it and holds it in a cache, or read it when it booted. */
export class Consumer {
  readonly agent: string;
  readonly #world: World;
  readonly #arn: string;
  readonly #dice: Dice;
  #kept = '';

  constructor(world: World, given: { arn: string; agent: string; dice: Dice }) {
    this.#world = world;
    this.#arn = given.arn;
    this.agent = given.agent;
    this.#dice = given.dice;
  }

  /** Reads the secret, and uses what it read at once and when its cache is about to run out. */
  readAndUse(): void {
    this.#again(READERS_EVERY, async () => {
      const read = this.#read();
      await this.#use(read);
      this.#world.clock.after(NEARLY_STALE, () => void this.#world.clock.activity(() => this.#use(read)));
    });
  }

  /** Uses what it read at boot; it boots again when it is notified of a new version, in its own time. */
  boot(): void {
    this.#kept = this.#read();
    this.#again(BOOTED_EVERY, () => this.#use(this.#kept));
  }

  restart(): void {
    this.#world.clock.after(this.#dice.between(...RESTART), () => this.#start());
  }

  /** What cannot read its secret does not start, and what ran before goes on. */
  #start(): void {
    const read = this.#read();
    if (read === '') this.#world.clock.after(STARTS_AGAIN, () => this.#start());
    else this.#kept = read;
  }

  /** Nothing is read from a secret that is scheduled for deletion (API Reference, "GetSecretValue"). */
  #read(): string {
    const { deletedAt } = this.#world.aws.secretsManager.find(this.#arn) ?? {};
    return deletedAt === undefined ? this.#world.peek(this.#arn) : '';
  }

  #again(every: number, worker: () => Promise<void>): void {
    this.#world.clock.after(this.#dice.between(0.5, 1) * every, () => {
      void this.#world.clock.activity(worker);
      this.#again(every, worker);
    });
  }

  async #use(text: string): Promise<void> {
    if (text !== '') await this.#world.issuer.fetch(this.#world.issuer.consume(text, this.agent));
  }
}
