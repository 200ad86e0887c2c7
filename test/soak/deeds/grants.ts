import { HOUR } from '../../../functions/core/basics/time.ts';
import { refusable } from '../../walks/people/refusable.ts';
import type { World } from '../../world/world.ts';
import type { Resident } from '../town.ts';
import type { Deed } from './deed.ts';
import { SEEN_WITHIN } from './secret-deeds.ts';

/** What the admin secret grants, as people want it and write it. */
export class Grants {
  readonly #world: World;
  readonly #names: readonly string[];
  readonly #taken = new Set<string>();
  #writtenLast = true;

  constructor(world: World, names: readonly string[]) {
    this.#world = world;
    this.#names = names;
  }

  async take(one: Resident): Promise<Deed> {
    this.#taken.add(one.name);
    await this.write();
    return {
      arn: one.arn,
      what: `the grant of ${one.name} that is gone`,
      toldBy: ['secret-unusable', 'rotation-failed', 'token-expiring', 'max-age-near'],
      within: SEEN_WITHIN,
      stands: async () => !this.#granted().includes(one.name),
      mend: async () => {
        this.#taken.delete(one.name);
        await this.write();
      },
    };
  }

  /** Tried again while the admin secret cannot be written. */
  async write(): Promise<void> {
    const wanted = this.#wanted();
    this.#writtenLast = await refusable(() => this.#world.grantOnly(wanted));
    if (!this.#writtenLast)
      this.#world.clock.after(HOUR, () => void this.#world.clock.activity(() => this.write()));
  }

  /** Whether the admin secret does not say any more what a person wrote into it last. */
  isUndone(): boolean {
    return this.#writtenLast && this.#wanted().join() !== this.#granted().join();
  }

  #wanted(): string[] {
    return this.#names.filter((name) => !this.#taken.has(name));
  }

  #granted(): string[] {
    const arn = this.#world.aws.secretsManager.find(`keyturn/admin/${this.#world.provider}`)?.arn ?? '';
    const { grants = [] } = JSON.parse(this.#world.peek(arn) || '{}') as { grants?: { secret: string }[] };
    return grants.map(({ secret }) => secret);
  }
}
