import { tokenIdOf } from '../../../functions/core/basics/names.ts';
import { DAY, HOUR, type Millis } from '../../../functions/core/basics/time.ts';
import { liveCredentials } from '../../../functions/core/token/known-credentials.ts';
import { isEnded } from '../../../functions/core/token/retirement.ts';
import { deleteSecret } from '../../walks/people/secrets.ts';
import { Consumer } from '../consumers.ts';
import type { Resident } from '../town.ts';
import type { Deed, Scene } from './deed.ts';
import { SEEN_WITHIN, ask } from './secret-deeds.ts';

const KEPT_FOR: readonly [Millis, Millis] = [HOUR, 10 * DAY];

/** A value that was stored a second time, in a secret that is registered and has no grant. */
interface Copy {
  readonly name: string;
  readonly arn: string;
  readonly consumer: Consumer;
}

/** Secrets that people stored a value in a second time, for some days. */
export class Copies {
  readonly #scene: Scene;
  readonly #take: (deed: Deed) => void;
  readonly all: Copy[] = [];

  /** What somebody has to be told of is given to `take`. */
  constructor(scene: Scene, take: (deed: Deed) => void) {
    this.#scene = scene;
    this.#take = take;
  }

  /** Somebody stores the value of a token once more, and whatever runs there uses it. */
  async make(one: Resident): Promise<boolean> {
    const { world, dice } = this.#scene;
    const value = world.peek(one.arn);
    if (value === '') return false;
    const name = `copy-${this.all.length}/of-${one.name}`;
    const arn = await world.createToken(name, { value });
    const consumer = new Consumer(world, { arn, agent: `reader-of-${name}/1`, dice });
    const copy = { name, arn, consumer };
    this.all.push(copy);
    consumer.readAndUse();
    world.clock.after(
      dice.between(...KEPT_FOR),
      () => void world.clock.activity(() => this.#end(copy, 'scheduled')),
    );
    return true;
  }

  /** Every copy that is left goes now, for good. */
  async finish(): Promise<void> {
    for (const copy of this.all) await this.#end(copy, 'forced');
  }

  /** It is deleted by somebody who forgets that Keyturn looks after it, and lets go of it once told. */
  async #end({ name, arn }: Copy, how: 'scheduled' | 'forced'): Promise<void> {
    const { world } = this.#scene;
    const wasGoing = world.aws.secretsManager.find(arn)?.deletedAt !== undefined;
    if (!(await deleteSecret({ world, arn }, how)) || wasGoing) return;
    this.#take({
      arn,
      what: `the deletion of ${name}`,
      toldBy: ['secret-deleted'],
      within: SEEN_WITHIN,
      stands: async () => {
        const record = await world.record(arn);
        return record !== undefined && !isEnded(record) && liveCredentials(record).length > 0;
      },
      mend: () => ask(world, { kind: 'end', tokenId: tokenIdOf(arn), how: 'detach' }),
    });
  }
}
